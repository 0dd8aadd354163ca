"""The state of the partitions that a replica owns, as of the last certain commit."""

from msgspec import Struct

from case_events.runtime.clock import DatabaseClock
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.timer_queue import TimerQueue


class OwnedState(Struct, frozen=True):
    """The partitions with their positions, the timers that fall due soon, and the
    database's clock."""

    partitions: OwnedPartitions
    timer_queue: TimerQueue
    clock: DatabaseClock
