"""The process timers of a case: clocks that fire instead of being missed.

They count like clocks, with calendars and pauses. But they begin again with each of their events,
and a resolved case has a status like any other for them.
"""

from case_definition.lookup.definition import Definition
from msgspec.structs import replace

from case_clocks.clock import Calendars, CaseClocks, Clock
from case_clocks.fold import ClockSignal, advance, signals_of


def timers_of(definition: Definition) -> CaseClocks:
    """The process timers of a new case, none of them begun."""
    timers = definition.document.timers
    return CaseClocks(tuple(Clock(timer.name, timer.since, timer.ends) for timer in timers))


def timers_under(timers: CaseClocks, definition: Definition) -> CaseClocks:
    """The timers under another version: existing ones continue, new ones are idle."""
    known = {timer.metric: timer for timer in timers.clocks}
    fresh = timers_of(definition).clocks
    return replace(
        timers,
        clocks=tuple(
            replace(known[one.metric], begins=one.begins, ends=one.ends)
            if one.metric in known
            else one
            for one in fresh
        ),
    )


def advance_timers(
    timers: CaseClocks, event: ClockSignal, calendars: Calendars, keep: int
) -> CaseClocks:
    """The timers after an event: ended, begun again, or continued."""
    if not timers.clocks:
        return timers
    signals = signals_of(event)
    if event.name in ("resolved", "final", "reopened"):
        status = replace(event, name="status", also=(*event.also, event.name))
    else:
        status = event
    stopped = tuple(_stopped(timer, signals, event) for timer in timers.clocks)
    return _forgetting(advance(replace(timers, clocks=stopped), status, calendars, keep))


def fired(timer: Clock) -> int | None:
    """The instant at which the timer's open cycle fell due; None if it has not, or if it ended
    before."""
    cycle = timer.cycle
    return cycle.missed if cycle is not None and cycle.ended is None else None


def _stopped(timer: Clock, signals: frozenset[str], event: ClockSignal) -> Clock:
    """The timer without the cycle that the event ends, or begins again."""
    cycle = timer.cycle
    ends = event.name == "final" or not signals.isdisjoint((*timer.ends, *timer.begins))
    if cycle is None or cycle.ended is not None or not ends:
        return timer
    return replace(timer, cycle=replace(cycle, ended=event.at, due=None))


def _forgetting(timers: CaseClocks) -> CaseClocks:
    """The timers without the history that no running cycle counts any more."""
    cycles = (timer.cycle for timer in timers.clocks if timer.cycle is not None)
    starts = [one.start for one in cycles if one.ended is None and one.missed is None]
    since = min(starts, default=timers.history[-1].since)
    first = 0
    while first + 1 < len(timers.history) and timers.history[first + 1].since <= since:
        first += 1
    return replace(timers, history=timers.history[first:])
