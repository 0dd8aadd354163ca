"""Computes the counted time of a clock, its due, and its reading at an instant."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from case_definition.calendar.lengths import EVERY_MOMENT, Elapsed, OpenTime, Ruler, measure
from msgspec.structs import replace

from case_clocks.clock import Calendars, Clock, ClockReading, ClockTarget, Cycle, StatusInterval


def counts(interval: StatusInterval, target: ClockTarget | None) -> bool:
    """Whether a target's clock counts in that interval."""
    return not interval.resolved and (target is None or interval.status not in target.pause_in)


def intervals(
    cycle: Cycle, history: tuple[StatusInterval, ...], until: int | None
) -> Iterator[tuple[int, int | None, StatusInterval]]:
    """The history of a cycle from `counted_from` on: from, to (None: continues), and the interval.

    Gaps are left out.
    """
    begin = cycle.counted_from
    gaps = cycle.gaps
    if gaps:
        gaps = gaps[bisect_right(gaps, begin, key=lambda gap: gap[1]) :]
    first = len(history) - 1  # searched from the end: most look at the last moments
    while first > 0 and history[first].since > begin:
        first -= 1
    for place in range(first, len(history)):
        interval = history[place]
        end = history[place + 1].since if place + 1 < len(history) else None
        high = end if until is None or (end is not None and end < until) else until
        low = max(interval.since, begin)
        for gap_start, gap_end in gaps:
            if gap_end <= low or (high is not None and gap_start >= high):
                continue
            if low < gap_start:
                yield low, gap_start, interval
            low = gap_end
        if high is None or low < high:
            yield low, high, interval
        if until is not None and (end is None or end >= until):
            return


def whole(cycle: Cycle) -> Cycle:
    """The cycle, counted from the beginning of its unarchived history."""
    return replace(cycle, counted_from=cycle.cut, banked=cycle.early)


def counted_to(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars, at: int
) -> Cycle:
    """The cycle, with its count up to an instant in its bank."""
    return replace(cycle, banked=elapsed(cycle, history, calendars, at), counted_from=at)


def ruler_of(target: ClockTarget, calendars: Calendars) -> Ruler:
    """The ruler that counts a target's time: its calendar, or every moment."""
    return EVERY_MOMENT if isinstance(target.length, Elapsed) else calendars[target.calendar]


def elapsed(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars, at: int
) -> int:
    """The counted time of a cycle up to an instant, or up to its end."""
    if cycle.ended is not None:
        return cycle.taken
    if cycle.target is None:
        return 0
    target = cycle.target
    counter = ruler_of(target, calendars)
    if at < cycle.counted_from:
        cycle = whole(cycle)
    return cycle.banked + sum(
        counter.between(low, high)
        for low, high, interval in intervals(cycle, history, at)
        if high is not None and counts(interval, target)
    )


def reach(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars, span: int
) -> int | None:
    """The earliest instant at which a cycle has counted `span`; None if it stops first.

    Raises NeverOpens.
    """
    if cycle.target is None:
        return None
    target = cycle.target
    if span <= cycle.banked:
        cycle = whole(cycle)
    if span <= cycle.banked:
        return dict(cycle.passed).get(span, cycle.counted_from)
    counted = _counted(target, cycle, history)
    return _reached(ruler_of(target, calendars), counted, span - cycle.banked)


def _counted(
    target: ClockTarget, cycle: Cycle, history: tuple[StatusInterval, ...]
) -> Iterator[tuple[int, int | None]]:
    """The stretches in which a cycle counts, from `counted_from` on: from, to (None: goes on)."""
    for low, high, interval in intervals(cycle, history, None):
        if counts(interval, target):
            yield low, high


def _reached(counter: Ruler, counted: Iterable[tuple[int, int | None]], left: int) -> int | None:
    """The earliest instant at which `left` has been counted in these stretches."""
    for low, high in counted:
        if high is None:
            return counter.add(low, left)
        found = counter.between(low, high)
        if found >= left:
            return counter.add(low, left)
        left -= found
    return None


def due(cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars) -> int | None:
    """The due of a cycle: None while it is paused, held or ended; the missed due after a breach.

    Raises NeverOpens.
    """
    if cycle.missed is not None:
        return cycle.missed
    if cycle.target is None or cycle.ended is not None or not counts(history[-1], cycle.target):
        return None
    reached = cycle.aim
    if reached is None or cycle.aim_from != cycle.counted_from:
        reached = reach(cycle, history, calendars, cycle.span)
    return None if reached is None else max(reached, cycle.first_due)


def aimed(cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars) -> Cycle:
    """The cycle, counted up to now, with its aim if it runs.

    Uncounted time since it last ran moves the aim by the same amount, so only that time is
    examined, however long the span is.
    """
    target = cycle.target
    if target is None or cycle.ended is not None or not counts(history[-1], target):
        return cycle
    at, left = cycle.counted_from, cycle.span - cycle.banked
    if left <= 0 or at < history[-1].since:
        return replace(cycle, aim=None)
    counter, aim = ruler_of(target, calendars), cycle.aim
    if aim is None:
        aim = counter.add(at, left)
    else:
        lost = counter.between(cycle.aim_from, at) - (cycle.banked - cycle.aim_banked)
        aim = counter.add(aim, lost) if lost else aim
    return replace(cycle, aim=aim, aim_from=at, aim_banked=cycle.banked)


def warnings(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars
) -> tuple[tuple[int, int], ...]:
    """The warnings of a running cycle: percentage of its length, and the instant."""
    target = cycle.target
    if target is None or cycle.due is None or cycle.missed is not None:
        return ()
    counter, counted = ruler_of(target, calendars), list(_counted(target, cycle, history))
    found: list[tuple[int, int]] = []
    for share in target.warn_at:
        span = cycle.span * share // 100
        if span > cycle.banked:
            at = _reached(counter, counted, span - cycle.banked)
        else:
            at = reach(cycle, history, calendars, span)
        if at is not None:
            found.append((share, at))
    return tuple(found)


def warning_at(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars, share: int
) -> int | None:
    """The instant at which a percentage of a cycle's length is reached; None if it stops first."""
    return reach(cycle, history, calendars, cycle.span * share // 100)


def measured(cycle: Cycle, target: ClockTarget | None, calendars: Calendars) -> Cycle:
    """The cycle under a target, with its length counted from its own start."""
    cycle = replace(whole(cycle), target=target)
    if target is None:
        return replace(cycle, span=0, first_due=0, due=None)
    if isinstance(target.length, OpenTime):
        return replace(cycle, span=target.length.span, first_due=0)
    found = measure(target.length, calendars[target.calendar], cycle.start)
    return replace(cycle, span=found.span, first_due=found.due)


def state(cycle: Cycle | None, history: tuple[StatusInterval, ...]) -> str:
    """The state of a clock's cycle: running, paused, met, breached, excluded, or idle."""
    if cycle is None or cycle.target is None:
        return "idle"
    if cycle.missed is not None:
        return "breached"
    if cycle.excluded:
        return "excluded"
    if cycle.ended is not None:
        return "met"
    return "running" if counts(history[-1], cycle.target) else "paused"


def shown(clock: Clock) -> Cycle | None:
    """The cycle of a reading: for `next_response` the longest finished exchange."""
    if clock.metric == "next_response" and clock.longest is not None:
        return clock.longest
    return clock.cycle


def read(
    clock: Clock, history: tuple[StatusInterval, ...], calendars: Calendars, at: int
) -> ClockReading:
    """The reading of a clock at an instant. Expire the case first, for breaches up to that
    instant."""
    cycle = shown(clock)
    if cycle is None or cycle.target is None:
        length = clock.target.length if clock.target is not None else None
        left = length.span if isinstance(length, OpenTime) else None
        return ClockReading(clock.metric, "idle", None, 0, left, clock.breaches > 0, clock.started)
    spent = elapsed(cycle, history, calendars, at)
    return ClockReading(
        clock.metric,
        state(clock.cycle, history),
        clock.cycle.due if clock.cycle is not None else None,
        spent,
        cycle.span - spent,
        clock.breaches > 0,
        clock.started,
    )
