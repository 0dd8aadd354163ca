"""A case as the fold of its events. It holds what deciding needs, and no texts."""

from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
    AssessmentRequested,
    CaseAssigned,
    CaseClassified,
    CommentAdded,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.sla import (
    CLOCK_EVENTS,
    BreachWithdrawn,
    ClockFact,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
)
from msgspec import Struct
from msgspec.structs import replace

FOLLOWED = (
    BreachWithdrawn,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
)
"""The facts of a clock that decide whether another one still holds."""


class Clock(Struct, frozen=True):
    """What is on record of one target in its newest cycle; `missed` are all cycles breached.

    `by_breach` are those of the levels that a breach raised. `answered`: it was answered after
    the breach. `excluded`: the case ended without an answer.
    """

    cycle: int = 0
    missed: tuple[int, ...] = ()
    breached: bool = False
    warned: tuple[float, ...] = ()
    levels: tuple[int, ...] = ()
    by_breach: tuple[int, ...] = ()
    answered: bool = False
    excluded: bool = False


class Case(Struct, frozen=True, kw_only=True):
    """A case after `version` events.

    `touched` says at which version a person last changed a thing (status, priority, type,
    assignment, or a field by its name); `clock_version` is that of the last event that may
    have moved a clock. `assessed`: an agent has assessed the priority since it was last asked.
    """

    version: int = 0
    reference: str = ""
    customer: str = ""
    contact: str = ""
    channel: str = ""
    case_type: str = ""
    status: str = ""
    priority: str = ""
    assessed: bool = False
    team: str = ""
    agent: str = ""
    agreement: str = ""
    fields: dict[str, str] = {}
    touched: dict[str, int] = {}
    clock_version: int = 0
    clocks: dict[str, Clock] = {}

    @property
    def exists(self) -> bool:
        """Whether anything has happened to it at all."""
        return self.version > 0


def fold(case: Case, event: Event) -> Case:
    """The case after one more event."""
    version = case.version + 1
    clock_version = version if type(event) in CLOCK_EVENTS else case.clock_version
    case = replace(case, version=version, clock_version=clock_version)
    match event:
        case CaseCreated():
            return replace(
                case,
                reference=event.reference,
                customer=event.customer,
                contact=event.contact,
                case_type=event.case_type,
                fields=event.fields,
            )
        case CaseClassified(case_type=case_type):
            return _touch(replace(case, case_type=case_type), "type")
        case PriorityAssessed(priority=priority, by=by):
            assessed = case.assessed or by == "agent"
            return _touch(replace(case, priority=priority, assessed=assessed), "priority")
        case AssessmentRequested():
            return replace(case, assessed=False)
        case AgreementApplied(agreement=agreement):
            return replace(case, agreement=agreement)
        case StatusChanged(status=status):
            return _touch(replace(case, status=status), "status")
        case FieldsSet(fields=fields):
            return _touch(replace(case, fields=case.fields | fields), *fields)
        case CaseAssigned(team=team, agent=agent):
            return _touch(replace(case, team=team, agent=agent), "assignment")
        case CommentAdded():
            return case
        case _:
            return _fold_clock(case, event)


def _fold_clock(case: Case, event: Event) -> Case:
    if not isinstance(event, FOLLOWED):
        return case
    before = case.clocks.get(event.target, Clock())
    clock = before
    if event.cycle > before.cycle:
        clock = Clock(event.cycle, before.missed)
    if event.cycle >= before.cycle:
        clock = _moved(clock, event)
    if isinstance(event, TargetBreached):
        clock = replace(clock, missed=(*clock.missed, event.cycle))
    elif isinstance(event, BreachWithdrawn):
        clock = replace(clock, missed=tuple(n for n in clock.missed if n != event.cycle))
    return replace(case, clocks=case.clocks | {event.target: clock})


def _moved(clock: Clock, event: ClockFact) -> Clock:
    match event:
        case TargetBreached():
            return replace(clock, breached=True, answered=False)
        case BreachWithdrawn():
            kept = tuple(level for level in clock.levels if level not in clock.by_breach)
            return replace(clock, breached=False, answered=False, levels=kept, by_breach=())
        case DeadlineWarned(share=share):
            return replace(clock, warned=(*clock.warned, share))
        case EscalationRaised(level=level, why=why):
            by_breach = (*clock.by_breach, level) if why == "breach" else clock.by_breach
            return replace(clock, levels=(*clock.levels, level), by_breach=by_breach)
        case TargetAnswered():
            return replace(clock, answered=True)
        case TargetExcluded():
            return replace(clock, excluded=True)
        case _:
            return clock


def _touch(case: Case, *things: str) -> Case:
    return replace(case, touched=case.touched | dict.fromkeys(things, case.version))
