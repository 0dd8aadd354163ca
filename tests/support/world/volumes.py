"""Cases counted in memory: the replacement of the counting in PostgreSQL."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from case_events.testing.memory.state import State
from case_portal.read_model.view import CaseView
from case_portal.volumes.projection import ENDED, Turn
from case_portal.volumes.service import (
    FIELD,
    Backlog,
    OpenSelection,
    Rated,
    Selection,
    Volume,
    age_limits,
)

from tests.support.world.case_views import view_of

CountedCase = tuple[CaseView, tuple[Turn, ...]]
FORMATS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}


class SimulatedCounts:
    """`case_portal.volumes.service.CaseCounts`, over the cases that are known at the time of the
    question."""

    def __init__(self, cases: Callable[[], Iterable[CountedCase]]) -> None:
        self._cases = cases

    async def volumes(self, selection: Selection) -> list[Volume]:
        """A line for each group."""
        happened: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for view, turns in self._of(selection):
            moments = [("came", view.created_at), *((turn.kind, turn.at) for turn in turns)]
            for kind, at in moments:
                if (group := _group(view, at, selection)) is not None:
                    happened[group].append(kind)
        return [
            Volume(
                group=group,
                came=kinds.count("came"),
                solved=kinds.count("solved"),
                closed=kinds.count("closed"),
                reopened=kinds.count("reopened"),
            )
            for group, kinds in sorted(happened.items())
        ]

    async def backlog(self, selection: OpenSelection) -> list[Backlog]:
        """A line for each group, the one with the oldest case first."""
        came: dict[tuple[str, ...], list[datetime]] = defaultdict(list)
        for view, turns in self._of(selection):
            if view.created_at and _is_open(view.created_at, turns, selection.at):
                came[tuple(_value(view, name) for name in selection.by)].append(view.created_at)
        lines = [
            Backlog(group=group, ages=_ages(moments, selection.at), oldest=min(moments))
            for group, moments in came.items()
        ]
        return sorted(lines, key=lambda line: (line.oldest, line.group))

    async def ratings(self, selection: Selection) -> list[Rated]:
        """A line for each group."""
        stars: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for view, _ in self._of(selection):
            rating = view.rating
            if rating is None or rating.stars is None:
                continue
            if (group := _group(view, rating.rated_at, selection)) is not None:
                stars[group].append(rating.stars)
        return [
            Rated(group=group, cases=len(given), stars=sum(given))
            for group, given in sorted(stars.items())
        ]

    def _of(self, selection: Selection | OpenSelection) -> Iterator[CountedCase]:
        for view, turns in self._cases():
            plain = {k: v for k, v in selection.only.items() if k not in FORMATS}
            if view.tenant == selection.tenant and all(
                getattr(view, name) in values for name, values in plain.items()
            ):
                yield view, turns


def counted_cases(state: State) -> list[CountedCase]:
    """Every case of the portal's reaction, with its changes."""
    turns: dict[UUID | None, list[Turn]] = defaultdict(list)
    for (case, key), document in sorted(state.documents.items(), key=lambda row: row[0][1]):
        if key.startswith("turn:"):
            turns[case].append(msgspec.json.decode(document, type=Turn))
    return [(view_of(kept.state), tuple(turns[case])) for case, kept in state.snapshots.items()]


def _is_open(came: datetime, turns: Iterable[Turn], at: datetime) -> bool:
    before = [turn.kind for turn in turns if turn.at <= at]
    return came <= at and (not before or before[-1] not in ENDED)


def _ages(came: Iterable[datetime], at: datetime) -> tuple[int, ...]:
    limits = age_limits(at)
    bands = [sum(moment <= limit for limit in limits) for moment in came]
    return tuple(bands.count(band) for band in range(len(limits) + 1))


def _group(view: CaseView, at: datetime | None, selection: Selection) -> tuple[str, ...] | None:
    """The group in which a change at that time counts; None if it does not count."""
    if at is None or not selection.since <= at < selection.until:
        return None
    local = at.astimezone(ZoneInfo(selection.zone))
    return tuple(
        local.strftime(FORMATS[name]) if name in FORMATS else _value(view, name)
        for name in selection.by
    )


def _value(view: CaseView, name: str) -> str:
    if name.startswith(FIELD):
        return view.fields.get(name.removeprefix(FIELD), "")
    return str(getattr(view, name))
