"""What it reacts to, and its wiring: reads the topic that its environment names."""

import os
from datetime import datetime

from case_events.contracts.notices import NoticeSuppressed
from case_events.envelope import Record
from case_events.kernel import Draft, Outcome, Service, Timer, TimerDue
from case_events.runtime.host import Host, Parts, Settings, serve
from case_events.topics import NOTICES
from msgspec import Struct

TOPIC = "RINGING_TOPIC"


class Rung(Struct, frozen=True):
    """How often the timers of a case have fired."""

    times: int = 0


class Nothing:
    """No reference data."""

    def apply(self, record: Record) -> None:
        """There is none."""

    def knows(self, record: Record) -> bool:
        """Every record was made under none."""
        return True


def ring(memory: Rung | None, record: Record, reference: Nothing, at: datetime) -> Outcome[Rung]:
    """Say at which due a timer fires; whatever comes by the topic clears the timer `ring`."""
    times = memory.times if memory else 0
    if not isinstance(record.data, TimerDue):
        return Outcome(memory=Rung(times), timers=(Timer("ring", None),))
    due = record.data.due.isoformat()
    said = NoticeSuppressed(notice=due, about=times + 1, recipient="", reason="fired")
    return Outcome(memory=Rung(times + 1), facts=(Draft(topic=NOTICES, event=said),))


async def build(host: Host[Rung, Nothing, Settings]) -> Parts:
    """It needs nothing of its own."""
    return Parts()


def main() -> None:
    """Run it until it is told to stop."""
    service: Service[Rung, Nothing] = Service(
        name="ringing", reads=(os.environ[TOPIC],), remembers=Rung, react=ring
    )
    serve(service, Nothing(), Settings(), build)  # type: ignore[call-arg]
