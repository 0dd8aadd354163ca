"""What it reacts to, and its wiring: reads the topic that its environment names."""

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
"""What a record says that is heard, and clears no timer."""


class Rung(Struct, frozen=True):
    """How many records of a case were heard."""

    heard: int = 0


class Nothing:
    """No reference data."""

    def apply(self, record: Record) -> None:
        """There is none."""

    def knows(self, record: Record) -> bool:
        """Every record was made under none."""
        return True


def ring(state: Rung | None, record: Record, reference: Nothing) -> Outcome[Rung]:
    """Say at which due a timer fires, and how many records were heard before it; a record that is
    not only to be heard clears the timer `ring`."""
    heard = state.heard if state else 0
    if isinstance(record.data, TimerDue):
        due = record.data.due.isoformat()
        said = NoticeSuppressed(notice=due, about=heard, recipient="", reason="fired")
        return Outcome(state=Rung(heard), events=(Draft(topic=NOTICES, event=said),))
    if isinstance(record.data, ReplyReceived) and record.data.found_by == HEARD:
        return Outcome(state=Rung(heard + 1))
    return Outcome(state=Rung(heard), timers=(Timer("ring", None),))


async def build(host: Host[Rung, Nothing, Settings]) -> ServiceComponents:
    """It needs nothing of its own."""
    return ServiceComponents()


def main() -> None:
    """Run it until it is told to stop."""
    service: Service[Rung, Nothing] = Service(
        name="ringing", topics=(os.environ[TOPIC],), state_type=Rung, react=ring
    )
    WRITERS[os.environ[TOPIC]] = frozenset({"intake"})
    serve(service, Nothing(), Settings(), build)  # type: ignore[call-arg]
