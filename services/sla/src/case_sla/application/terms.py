"""What was promised for a case: the targets of its agreement, and the calendars they name."""

from collections.abc import Iterator, Mapping

from case_definition.calendar.fields import calendar_of
from case_definition.calendar.working_time import WorkingTime
from case_definition.lookup import Definition
from case_definition.reference import Reference
from case_definition.schema import Level

from case_sla.application.memory import Remembered
from case_sla.domain.clock import Target


class Calendars(Mapping[str, WorkingTime]):
    """Calendars by `agreement key#name`, as agreements carry them; compiled once each."""

    def __init__(self) -> None:
        self._compiled: dict[str, WorkingTime] = {}

    def add(self, name: str, data: Mapping[str, object]) -> None:
        """Make a calendar known; the same name always means the same data."""
        if name not in self._compiled:
            self._compiled[name] = calendar_of(data)

    def __getitem__(self, name: str) -> WorkingTime:
        return self._compiled[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._compiled)

    def __len__(self) -> int:
        return len(self._compiled)


def know_calendars(calendars: Calendars, memory: Remembered, reference: Reference) -> None:
    """Have at hand every calendar that the clocks of a case were promised on."""
    names = {
        target.calendar
        for clock in memory.clocks.clocks
        for target in (clock.target, clock.cycle.target if clock.cycle else None)
        if target is not None
    }
    for name in names - calendars.keys():
        agreement, _, calendar = name.partition("#")
        _add(calendars, reference, agreement, calendar)


def targets(
    memory: Remembered, reference: Reference, definition: Definition, calendars: Calendars
) -> dict[str, Target]:
    """The targets of a case by metric; none without an agreement, or under best effort."""
    if not memory.agreement:
        return {}
    agreement = reference.agreement(memory.agreement)
    found: dict[str, Target] = {}
    for terms in agreement.targets_for(memory.case_type, memory.priority):
        calendar = terms.calendar or next(iter(agreement.calendars), "")
        found[terms.metric] = Target(
            terms.metric,
            terms.length,
            calendar=f"{agreement.key}#{calendar}",
            pause_in=tuple(sorted(definition.pause_in(terms.metric))),
            warn_at=tuple(round(share * 100) for share in terms.warnings),
        )
        _add(calendars, reference, agreement.key, calendar)
    return found


def ladder(memory: Remembered, reference: Reference, definition: Definition) -> tuple[Level, ...]:
    """Who is told, level by level: the agreement's own ladder, else the tenant's."""
    own = reference.agreement(memory.agreement).ladder if memory.agreement else ()
    return own or definition.ladder


def _add(calendars: Calendars, reference: Reference, agreement: str, calendar: str) -> None:
    data = reference.agreement(agreement).calendars.get(calendar)
    calendars.add(f"{agreement}#{calendar}", data if data is not None else ALWAYS)


ALWAYS = {
    "timezone": "UTC",
    "hours": {
        day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    },
}
"""For targets that count every hour and name no calendar."""
