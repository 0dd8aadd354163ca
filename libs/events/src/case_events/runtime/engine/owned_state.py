"""What a replica knows of the partitions that it owns, as of the last certain commit."""

from msgspec import Struct

from case_events.runtime.clock import DatabaseClock
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.timer_queue import TimerQueue


class OwnedState(Struct, frozen=True):
    """How far the partitions are read, their timers that fall due soon, and the database's time."""

    partitions: OwnedPartitions
    timer_queue: TimerQueue
    clock: DatabaseClock
