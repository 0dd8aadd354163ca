"""The archive: the earlier part of a case's history, packed, for recounts.

A clock continues from its counted time, so it needs only the later part. Another target is counted
over the whole history, so an answer never depends on how much is archived. The archive lacks the
name of the event that began each interval, which only a ledger shows.
"""

from bisect import bisect_left
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from case_clocks.clock import Calendars, CaseClocks, Cycle, StatusInterval
from case_clocks.counting import elapsed, reach, whole

Kind = tuple[str | None, bool, str]


class _Chunk(msgspec.Struct, frozen=True, array_like=True):
    """Successive intervals: the kinds that occur, and the kind and length (microseconds) of
    each."""

    since: int
    kinds: list[Kind]
    kind: list[int]
    lasted: list[int]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Chunk)


def whole_history(case: CaseClocks) -> tuple[StatusInterval, ...]:
    """The whole history of a case, from its creation."""
    if not case.archived:
        return case.history
    return (*(interval for chunk in case.archived for interval in _unpacked(chunk)), *case.history)


def archive_history(case: CaseClocks, calendars: Calendars, keep: int) -> CaseClocks:
    """Archive the earlier half of the history if it has more than `keep` intervals.

    The count up to the middle was stored when the case was there, so nothing is counted twice.
    """
    if len(case.history) <= (keep if case.middle else keep // 2):
        return case
    now, archived = case.history[-1].since, case.archived
    history, clocks = case.history, case.clocks
    if case.middle and case.middle > history[0].since:
        first = bisect_left(history, case.middle, key=lambda interval: interval.since)
        archived = (*archived, _packed(history[:first], case.middle))
        clocks = tuple(
            replace(clock, cycle=clock.cycle and _cut(clock.cycle, case, calendars))
            for clock in clocks
        )
        history = history[first:]
    noted = tuple(
        replace(clock, cycle=clock.cycle and _noted(clock.cycle, history, calendars, now))
        for clock in clocks
    )
    return CaseClocks(noted, history, archived, now)


def from_start(cycle: Cycle) -> Cycle:
    """The cycle, prepared to be counted from its start over `whole_history`."""
    return replace(
        cycle, cut=cycle.start, early=0, passed=(), counted_from=cycle.start, banked=0, aim=None
    )


def cut_again(cycle: Cycle, case: CaseClocks, calendars: Calendars) -> Cycle:
    """A cycle that was counted over `whole_history`, converted to a count over the unarchived
    history."""
    cut = case.history[0].since
    if case.archived and cycle.start < cut:
        history = whole_history(case)
        early = elapsed(replace(cycle, ended=None), history, calendars, cut)
        passed = _passed(cycle, early, history, calendars)
        counted = replace(cycle, cut=cut, early=early, passed=passed)
        cycle = whole(counted) if cycle.counted_from < cut else counted
    return _noted(cycle, case.history, calendars, case.middle)


def _cut(cycle: Cycle, case: CaseClocks, calendars: Calendars) -> Cycle:
    if cycle.start >= case.middle:
        return cycle
    passed = _passed(cycle, cycle.half, case.history, calendars)
    cycle = replace(cycle, cut=case.middle, early=cycle.half, passed=passed)
    return whole(cycle) if cycle.counted_from < case.middle else cycle


def _noted(
    cycle: Cycle, history: tuple[StatusInterval, ...], calendars: Calendars, middle: int
) -> Cycle:
    """The cycle, with its count up to the middle of the unarchived history."""
    if cycle.start >= middle:
        return cycle
    return replace(cycle, half=elapsed(cycle, history, calendars, middle))


def _passed(
    cycle: Cycle, early: int, history: tuple[StatusInterval, ...], calendars: Calendars
) -> tuple[tuple[int, int], ...]:
    """The instants at which the spans that may be needed were reached, for those within the
    archived part."""
    if cycle.target is None or early * 100 < cycle.span * min((100, *cycle.target.warn_at)) - 100:
        return ()
    asked = {cycle.span, *(cycle.span * share // 100 for share in cycle.target.warn_at)}
    found = (
        (span, reach(cycle, history, calendars, span)) for span in sorted(asked) if span <= early
    )
    return tuple((span, at) for span, at in found if at is not None)


def _packed(history: tuple[StatusInterval, ...], end: int) -> bytes:
    kinds: dict[Kind, int] = {}
    kind = [kinds.setdefault((s.status, s.resolved, s.hands), len(kinds)) for s in history]
    ends = (*(interval.since for interval in history[1:]), end)
    lasted = [until - interval.since for interval, until in zip(history, ends, strict=True)]
    return _encoder.encode(_Chunk(history[0].since, list(kinds), kind, lasted))


def _unpacked(chunk: bytes) -> Iterator[StatusInterval]:
    packed = _decoder.decode(chunk)
    since = packed.since
    for kind, lasted in zip(packed.kind, packed.lasted, strict=True):
        status, resolved, hands = packed.kinds[kind]
        yield StatusInterval(since, status, resolved, hands=hands)
        since += lasted
