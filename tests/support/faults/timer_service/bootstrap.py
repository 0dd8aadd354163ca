"""The reaction and wiring of the timer service. It reads the topic that its environment names."""

import os

from case_events.contracts.catalogue import WRITERS
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.notices import NoticeSuppressed
from case_events.envelope import Record
from case_events.kernel import Draft, Outcome, Service, Timer, TimerDue
from case_events.runtime.host import Host, ServiceComponents, Settings, serve
from case_events.topics import NOTICES
from msgspec import Struct

TOPIC = "RINGING_TOPIC"


HEARD = "heard"
"""The content of a record that is counted and clears no timer."""


class RingCount(Struct, frozen=True):
    """The number of records of a case that were read."""

    heard: int = 0


class Nothing:
    """No reference data."""

    def apply(self, record: Record) -> None:
        """Do nothing."""

    def knows(self, record: Record) -> bool:
        """Whether the record's versions have arrived; always true."""
        return True


def ring(state: RingCount | None, record: Record, reference: Nothing) -> Outcome[RingCount]:
    """Publish the due at which a timer fires, and the number of records that were read before.
    Every record except `heard` clears the timer `ring`."""
    heard = state.heard if state else 0
    if isinstance(record.data, TimerDue):
        due = record.data.due.isoformat()
        event = NoticeSuppressed(notice=due, about=heard, recipient="", reason="fired")
        return Outcome(state=RingCount(heard), events=(Draft(topic=NOTICES, event=event),))
    if isinstance(record.data, ReplyReceived) and record.data.found_by == HEARD:
        return Outcome(state=RingCount(heard + 1))
    return Outcome(state=RingCount(heard), timers=(Timer("ring", None),))


async def build(host: Host[RingCount, Nothing, Settings]) -> ServiceComponents:
    """The service has no components of its own."""
    return ServiceComponents()


def main() -> None:
    """Run the service until a signal stops it."""
    service: Service[RingCount, Nothing] = Service(
        name="ringing", topics=(os.environ[TOPIC],), state_type=RingCount, react=ring
    )
    WRITERS[os.environ[TOPIC]] = frozenset({"intake"})
    serve(service, Nothing(), Settings(), build)  # type: ignore[call-arg]
