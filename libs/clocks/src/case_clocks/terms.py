"""The targets of a case, and the calendars that they name."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from case_definition.calendar.fields import calendar_of
from case_definition.calendar.working_time import WorkingTime
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.variables import NO_EVENT, Variables, parties_of, rule_variables
from case_definition.schema.agreements import Target as Promise
from case_definition.schema.notices import Level
from case_events.envelope import SYSTEM

from case_clocks.case_time import CaseTime
from case_clocks.clock import ClockTarget

ALWAYS = {
    "timezone": "UTC",
    "hours": {
        day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    },
}
"""The calendar of targets that count every hour and name no calendar."""


class CompiledCalendars(dict[str, WorkingTime]):
    """Calendars by `key of agreement or definition#name`, compiled once."""

    def add(self, name: str, data: Mapping[str, object]) -> None:
        """Add a calendar. The same name always has the same data."""
        if name not in self:
            self[name] = calendar_of(data)


def know_calendars(calendars: CompiledCalendars, case: CaseTime, reference: Reference) -> None:
    """Compile every calendar that the clocks and timers of a case use."""
    for clock in (*case.clocks.clocks, *case.timers.clocks):
        for target in (clock.target, clock.cycle.target if clock.cycle else None):
            if target is not None and target.calendar not in calendars:
                source, _, name = target.calendar.partition("#")
                _add(calendars, source, name, _calendars_of(source, reference))


def variables_of(
    case: CaseTime, reference: Reference, definition: Definition, at: datetime
) -> Variables:
    """The variables of the rules of targets and timers. A checked definition reads only variables
    that change by an event of the case, after which the rules are evaluated again."""
    parties = parties_of(case, SYSTEM, definition.tenant, reference)
    return rule_variables(case, parties, definition, event=NO_EVENT, now=at)


def targets(
    case: CaseTime,
    asked: Variables,
    reference: Reference,
    definition: Definition,
    calendars: CompiledCalendars,
) -> dict[str, ClockTarget]:
    """The targets of a case by metric: those of its agreement, then the tenant's own. `asked` are
    the variables of their rules."""
    agreement = reference.agreement(case.agreement) if case.agreement else None
    found: dict[str, ClockTarget] = {}
    if agreement is not None:
        promised = agreement.targets_for(case.case_type, case.priority, asked)
        _take(found, promised, definition, agreement.key, agreement.calendars, calendars)
    own = definition.own_targets(asked)
    _take(found, own, definition, definition.key, definition.document.calendars, calendars)
    return found


def timer_lengths(
    asked: Variables, definition: Definition, calendars: CompiledCalendars
) -> dict[str, ClockTarget]:
    """The lengths of a case's process timers, by name; `asked` are the variables of their rules."""
    found: dict[str, ClockTarget] = {}
    if definition.document.timers:
        timers = definition.timers_of(asked)
        data = definition.document.calendars
        _take(found, timers, definition, definition.key, data, calendars)
    return found


def escalation_policy(
    case: CaseTime, reference: Reference, definition: Definition
) -> tuple[Level, ...]:
    """The escalation policy of a case, level by level: that of its agreement, else the tenant's."""
    own = reference.agreement(case.agreement).escalation if case.agreement else ()
    return own or definition.escalation


def _take(
    found: dict[str, ClockTarget],
    promises: Iterable[Promise],
    definition: Definition,
    source: str,
    data: Mapping[str, Mapping[str, Any]],
    calendars: CompiledCalendars,
) -> None:
    for promise in promises:
        terms = promise.terms
        if terms.metric in found:
            continue
        name = promise.calendar or ""
        _add(calendars, source, name, data)
        found[terms.metric] = ClockTarget(
            terms.metric,
            promise.length,
            calendar=f"{source}#{name}",
            pause_in=tuple(sorted(definition.pause_in(terms.metric))),
            ends=terms.ends,
            warn_at=tuple(round(share * 100) for share in terms.warnings),
            promised=terms.promised,
            restart_on_reopening=terms.restart_on_reopening,
            recount_from_change=terms.recount_from_change,
        )


def _calendars_of(source: str, reference: Reference) -> Mapping[str, Mapping[str, Any]]:
    """The calendars of an agreement (tenant/id/version) or definition (tenant/version)."""
    if source.count("/") == 2:
        return reference.agreement(source).calendars
    return reference.definition(source).document.calendars


def _add(
    calendars: CompiledCalendars, source: str, name: str, data: Mapping[str, Mapping[str, Any]]
) -> None:
    calendars.add(f"{source}#{name}", data[name] if name else ALWAYS)
