"""The state of a case in sla."""

from case_clocks.case_time import CaseTime, empty_case_time
from msgspec import Struct


class SlaState(Struct, frozen=True, kw_only=True):
    """The time of a case, and the announcements of sla about it.

    `version` is that of the last event to which sla reacted: later events moved no clock.
    `announced` maps an announcement that is made once for a cycle (a key of metric, cycle and kind)
    to the case version on which it rests, or to 0 once the history has it. `warned_at` maps the
    same keys to the instant at which the history last had the warning, or a level that a warning
    raised. `dues` is the last announced due of each metric. `causes` is the label of the event that
    moved a due into the past, by metric and cycle. `wake` is the instant of the case's one timer.
    Instants are in microseconds.
    """

    time: CaseTime
    version: int = 0
    announced: dict[str, int] = {}
    warned_at: dict[str, int] = {}
    dues: dict[str, int] = {}
    causes: dict[str, str] = {}
    wake: int | None = None


def empty_state() -> SlaState:
    """The state of a case that has not begun."""
    return SlaState(time=empty_case_time())
