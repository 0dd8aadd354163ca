"""Re-arms warnings that are due again, because their instant was moved to later."""

from collections.abc import Iterator

from case_clocks.clock import Cycle
from case_clocks.counting import warning_at
from case_clocks.terms import CompiledCalendars
from msgspec.structs import replace

from case_sla.application.state import SlaState


def rearm_warnings(state: SlaState, calendars: CompiledCalendars, at: int) -> SlaState:
    """The state without the announcements of warnings, and of levels that the last warning raised,
    whose share is not reached at `at` under the current target of the clock.

    A pause re-arms nothing: what was reached stays reached. A clock that is back under a target
    that was warned of counts as announced again.
    """
    if not state.warned_at:
        return state
    announced = dict(state.announced)
    for clock in state.time.clocks.clocks:
        cycle = clock.cycle
        if cycle is None or cycle.missed is not None or cycle.ended is not None:
            continue
        stem = f"{clock.metric}/{cycle.number}/"
        for key, moment in _moments(stem, cycle, state, calendars):
            warned = state.warned_at[key]
            if moment is None or moment > max(warned, at):
                announced.pop(key, None)
            elif moment <= warned:
                announced[key] = 0
    return replace(state, announced=announced)


def _moments(
    stem: str, cycle: Cycle, state: SlaState, calendars: CompiledCalendars
) -> Iterator[tuple[str, int | None]]:
    """The key and instant of each warning of a cycle in the history. A level that was raised by a
    warning has the instant of the last warning. None if the clock stops before that instant."""
    warned = [key.removeprefix(stem) for key in state.warned_at if key.startswith(stem)]
    if not warned or cycle.target is None:
        return
    history = state.time.clocks.history
    shares = {share: warning_at(cycle, history, calendars, share) for share in cycle.target.warn_at}
    last = shares[max(shares)] if shares else None
    for key in warned:
        kind, _, number = key.partition("/")
        if kind == "level":
            yield stem + key, last
        elif int(number) in shares:
            yield stem + key, shares[int(number)]
