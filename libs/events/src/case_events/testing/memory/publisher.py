"""The publisher in memory."""

from collections.abc import Sequence

from case_events.runtime.ports import OutboxEntry
from case_events.testing.memory.bus import MemoryBus
from case_events.testing.memory.faults import Faults


class MemoryPublisher:
    """Implements the `Publisher` port. A failed send may have published some of the records."""

    def __init__(self, bus: MemoryBus, faults: Faults | None = None) -> None:
        self.bus, self.faults = bus, faults or Faults()

    async def send(self, entries: Sequence[OutboxEntry]) -> None:
        """Accept entries in order, then acknowledge all of them."""
        for entry in entries:
            await self.faults.reach("send", entry)
            self.bus.append(
                entry.topic, entry.target_partition, entry.key, entry.value, entry.headers
            )
        await self.faults.reach("acknowledge", entries)
