"""The portal's reports over the log in memory: the replacement of the counting in PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from case_events.testing.memory.state import State
from case_portal.reports.projection import CycleReading
from case_portal.reports.service import COUNTED, Attained, Breach, Question

from tests.support.world.case_views import view_of

Place = tuple[UUID, str, int]
FORMATS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}


class SimulatedReports:
    """`case_portal.reports.service.Reports`, over the documents of the reaction."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def attainment(self, question: Question) -> list[Attained]:
        """A line for each group and promised share."""
        groups: dict[tuple[tuple[str, ...], float], list[str]] = defaultdict(list)
        for _, reading in self._last(question):
            group = tuple(_value(reading, name, question) for name in question.by)
            groups[group, reading.promised].append(reading.kind)
        return [
            Attained(
                group=group,
                promised=promised,
                kept=kinds.count("met"),
                missed=kinds.count("breached"),
                unanswered=kinds.count("excluded"),
            )
            for (group, promised), kinds in sorted(groups.items())
        ]

    async def breaches(self, question: Question, limit: int) -> list[Breach]:
        """The missed targets, earliest first."""
        answers = {
            place: reading for place, reading in self._known(question) if reading.kind == "answered"
        }
        missed = [one for one in self._last(question) if one[1].kind == "breached"]
        missed.sort(key=lambda one: (one[1].at, one[1].reference, one[1].target))
        return [_breach(reading, answers.get(place)) for place, reading in missed[:limit]]

    def _last(self, question: Question) -> Iterator[tuple[Place, CycleReading]]:
        last = {
            place: reading for place, reading in self._known(question) if reading.kind != "answered"
        }
        for place, reading in last.items():
            inside = question.since <= reading.at < question.until
            wanted = all(
                _value(reading, name, question) in values for name, values in question.only.items()
            )
            if reading.kind in COUNTED and inside and wanted:
                yield place, reading

    def _known(self, question: Question) -> Iterator[tuple[Place, CycleReading]]:
        for (case, key), document in sorted(
            self._state.documents.items(), key=lambda row: row[0][1]
        ):
            if not key.startswith("reading:"):
                continue
            reading = msgspec.json.decode(document, type=CycleReading)
            if question.viewing_agent in self._hidden_from(case):
                continue
            if reading.tenant == question.tenant and reading.recorded_at <= question.as_of:
                yield (case, reading.target, reading.cycle), reading

    def _hidden_from(self, case: UUID) -> tuple[str, ...]:
        kept = self._state.snapshots.get(case)
        return view_of(kept.state).hidden_from if kept else ()


def _value(reading: CycleReading, name: str, question: Question) -> str:
    if name in FORMATS:
        return reading.at.astimezone(ZoneInfo(question.zone)).strftime(FORMATS[name])
    value: str = getattr(reading, name)
    return value


def _breach(reading: CycleReading, answer: CycleReading | None) -> Breach:
    if answer is None:
        return Breach(reading=reading)
    return Breach(reading=reading, answered_at=answer.at, late=max(0, -answer.left))
