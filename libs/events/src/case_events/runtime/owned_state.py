"""What a replica knows of the lanes that it owns, as of the last certain commit."""

from msgspec import Struct

from case_events.runtime.clock import Clock
from case_events.runtime.lanes import Lanes
from case_events.runtime.wheel import Wheel


class OwnedState(Struct, frozen=True):
    """How far the lanes are read, their timers that fall due soon, and the database's time."""

    lanes: Lanes
    wheel: Wheel
    clock: Clock
