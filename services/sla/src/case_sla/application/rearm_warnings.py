"""Warnings that are due again, since what moved a clock put off the moment they are for."""

from collections.abc import Iterator

from case_clocks.clock import Cycle
from case_clocks.counting import warning_at
from case_clocks.terms import CompiledCalendars
from msgspec.structs import replace

from case_sla.application.state import SlaState


def rearm_warnings(memory: SlaState, calendars: CompiledCalendars, at: int) -> SlaState:
    """The memory, in which no warning counts as said whose share, under the target that its clock
    has by now, is not reached at `at`; nor a level that the last warning raised.

    A pause puts nothing off: what was reached stays reached. Where the clock is back under a
    target that was warned of, it counts as said once more.
    """
    if not memory.warned_at:
        return memory
    announced = dict(memory.announced)
    for clock in memory.time.clocks.clocks:
        cycle = clock.cycle
        if cycle is None or cycle.missed is not None or cycle.ended is not None:
            continue
        stem = f"{clock.metric}/{cycle.number}/"
        for key, moment in _moments(stem, cycle, memory, calendars):
            told = memory.warned_at[key]
            if moment is None or moment > max(told, at):
                announced.pop(key, None)
            elif moment <= told:
                announced[key] = 0
    return replace(memory, announced=announced)


def _moments(
    stem: str, cycle: Cycle, memory: SlaState, calendars: CompiledCalendars
) -> Iterator[tuple[str, int | None]]:
    """The moment of each warning that was told of a cycle, and of its last one for each level
    that was raised by it; None where the clock stands still before it."""
    told = [key.removeprefix(stem) for key in memory.warned_at if key.startswith(stem)]
    if not told or cycle.target is None:
        return
    history = memory.time.clocks.history
    shares = {share: warning_at(cycle, history, calendars, share) for share in cycle.target.warn_at}
    last = shares[max(shares)] if shares else None
    for key in told:
        kind, _, number = key.partition("/")
        if kind == "level":
            yield stem + key, last
        elif int(number) in shares:
            yield stem + key, shares[int(number)]
