"""The runtime's ports in memory: the same contract as the real adapters, no threads, no polls."""

from case_events.runtime.memory.bus import MemoryBus
from case_events.runtime.memory.faults import Faults
from case_events.runtime.memory.inbox import MemoryGroup, MemoryInbox
from case_events.runtime.memory.log import MemoryLog
from case_events.runtime.memory.publisher import MemoryPublisher
from case_events.runtime.memory.watched import Spinning, WatchedFaults

__all__ = [
    "Faults",
    "MemoryBus",
    "MemoryGroup",
    "MemoryInbox",
    "MemoryLog",
    "MemoryPublisher",
    "Spinning",
    "WatchedFaults",
]
