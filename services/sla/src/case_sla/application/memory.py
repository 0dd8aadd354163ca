"""What sla remembers of a case: its time, and what it has said of it."""

from case_clocks.case_time import CaseTime, unborn
from msgspec import Struct


class Remembered(Struct, frozen=True, kw_only=True):
    """A case's time, and what was said of it.

    `said` holds what was announced once a cycle, by a key that names metric, cycle and kind, with
    the case version that it rested on; 0 once it is in the history. `warned` is when the history
    last had a warning, or a level that a warning raised, by the same key. `dues` is the due that
    was last said of each metric (microseconds). `causes` is what moved a due into the past, by
    metric and cycle. `wake` is when the case's one timer is set to.
    """

    time: CaseTime
    version: int = 0
    said: dict[str, int] = {}
    warned: dict[str, int] = {}
    dues: dict[str, int] = {}
    causes: dict[str, str] = {}
    wake: int | None = None


def nothing() -> Remembered:
    """What is remembered of a case that has not begun."""
    return Remembered(time=unborn())
