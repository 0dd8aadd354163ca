"""A case as the fold of its events. It holds what deciding needs, and no texts."""

from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
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
    DeadlineWarned,
    EscalationRaised,
    TargetBreached,
)
from msgspec import Struct
from msgspec.structs import replace


class Clock(Struct, frozen=True):
    """What is on record of one target in its newest cycle."""

    cycle: int = 0
    breached: bool = False
    warned: tuple[float, ...] = ()
    levels: tuple[int, ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """A case after `version` events.

    `touched` says at which version a person last changed a thing (status, priority, type,
    assignment, or a field by its name); `clock_version` is that of the last event that may
    have moved a clock.
    """

    version: int = 0
    reference: str = ""
    customer: str = ""
    contact: str = ""
    channel: str = ""
    case_type: str = ""
    status: str = ""
    priority: str = ""
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
        case PriorityAssessed(priority=priority):
            return _touch(replace(case, priority=priority), "priority")
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
    match event:
        case TargetBreached(target=target, cycle=cycle):
            return _clock(case, target, replace(_of_cycle(case, target, cycle), breached=True))
        case BreachWithdrawn(target=target, cycle=cycle):
            return _clock(case, target, replace(_of_cycle(case, target, cycle), breached=False))
        case DeadlineWarned(target=target, cycle=cycle, share=share):
            clock = _of_cycle(case, target, cycle)
            return _clock(case, target, replace(clock, warned=(*clock.warned, share)))
        case EscalationRaised(target=target, cycle=cycle, level=level):
            clock = _of_cycle(case, target, cycle)
            return _clock(case, target, replace(clock, levels=(*clock.levels, level)))
        case _:
            return case


def _of_cycle(case: Case, target: str, cycle: int) -> Clock:
    clock = case.clocks.get(target, Clock())
    return clock if clock.cycle == cycle else Clock(cycle)


def _clock(case: Case, target: str, clock: Clock) -> Case:
    return replace(case, clocks=case.clocks | {target: clock})


def _touch(case: Case, *things: str) -> Case:
    return replace(case, touched=case.touched | dict.fromkeys(things, case.version))
