"""The quarantine of a service in memory."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from case_events.envelope import Delivery
from case_events.runtime.ports import News
from case_events.runtime.quarantine import Quarantined, State, Verdict
from case_events.testing.memory.faults import Faults
from case_events.testing.memory.state import State as Tables


class MemoryQuarantine:
    """Implements the `Quarantine` port."""

    state: Tables
    faults: Faults
    _now: Callable[[], datetime]
    _notify: Callable[[News], None]

    async def quarantine(self, delivery: Delivery, reason: str) -> State:
        await self.faults.reach("quarantine", delivery)
        return hold(self.state, delivery, reason, self._now()).state

    async def quarantined(self, state: State) -> list[Quarantined]:
        await self.faults.reach("quarantined", state)
        return [held for held in self.state.quarantine.values() if held.state == state]

    async def decide(self, place: int, verdict: Verdict, why: str) -> bool:
        await self.faults.reach("decide", place)
        self._notify("retry")
        for key, held in self.state.quarantine.items():
            if held.place == place and held.state == "waiting":
                self.state.quarantine[key] = replace(held, state=verdict, why=why)
                return True
        return False


def hold(tables: Tables, delivery: Delivery, reason: str, at: datetime) -> Quarantined:
    """Quarantine a record. Return the stored record of its position."""
    return tables.quarantine.setdefault(
        (delivery.topic, delivery.partition, delivery.offset),
        Quarantined(
            place=len(tables.quarantine) + 1,
            delivery=delivery,
            reason=reason,
            state="waiting",
            at=at,
        ),
    )


def admit(tables: Tables, place: int) -> None:
    """Mark a released record as processed."""
    for key, held in tables.quarantine.items():
        if held.place == place and held.state == "released":
            tables.quarantine[key] = replace(held, state="admitted")
