"""The ports of the runtime in memory. They pass the same contract tests as the real adapters."""

from case_events.testing.memory.blobs import MemoryBlobs
from case_events.testing.memory.bus import MemoryBus
from case_events.testing.memory.faults import Faults
from case_events.testing.memory.inbox import MemoryGroup, MemoryInbox
from case_events.testing.memory.log import MemoryLog
from case_events.testing.memory.publisher import MemoryPublisher
from case_events.testing.memory.transaction import MemoryTransaction
from case_events.testing.memory.watched import Spinning, WatchedFaults

__all__ = [
    "Faults",
    "MemoryBlobs",
    "MemoryBus",
    "MemoryGroup",
    "MemoryInbox",
    "MemoryLog",
    "MemoryPublisher",
    "MemoryTransaction",
    "Spinning",
    "WatchedFaults",
]
