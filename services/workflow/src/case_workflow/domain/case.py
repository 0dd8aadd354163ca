"""A case as the fold of its events. It holds what deciding needs, and no texts."""

from collections.abc import Callable
from typing import Any

from case_definition.ledger import LEDGER_EVENTS, Ledger, fold_ledger
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
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.intake import CaseCreated
from case_events.contracts.notices import NoticeSent
from case_events.contracts.parts import Stranger
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.ratings import CaseRated, RatingRequested
from case_events.contracts.releases import CaseReleased, ReleasePlanned, ReleaseSlipped
from case_events.contracts.sla import CLOCK_EVENTS, TimerFired
from msgspec import Struct
from msgspec.structs import replace

from case_workflow.domain.clocks import FOLLOWED as OF_CLOCKS
from case_workflow.domain.clocks import Clock, fold_clocks, fold_timers
from case_workflow.domain.decisions import Stand, fold_decisions
from case_workflow.domain.letters import Letter, fold_letters
from case_workflow.domain.links import FOLLOWED as OF_LINKS
from case_workflow.domain.links import Links, fold_links
from case_workflow.domain.people import CHANGES, People, fold_people
from case_workflow.domain.phases import fold_phase
from case_workflow.domain.ratings import Rating, fold_rating
from case_workflow.domain.releases import Planned, fold_release

Fold = Callable[[Any, Any, int], Any]
"""A part of a case after one more event, which is the case's `version`th."""

PARTS: tuple[tuple[str, tuple[type[Event], ...], Fold], ...] = (
    ("clocks", OF_CLOCKS, fold_clocks),
    ("links", OF_LINKS, fold_links),
    ("phase", (PhaseChanged,), fold_phase),
    ("decisions", (DecisionRequested, DecisionMade), fold_decisions),
    ("planned", (ReleasePlanned, ReleaseSlipped, CaseReleased), fold_release),
    ("rating", (RatingRequested, CaseRated), fold_rating),
    ("timers", (TimerFired,), fold_timers),
    ("letters", (NoticeSent,), fold_letters),
    ("people", CHANGES, fold_people),
    ("ledger", LEDGER_EVENTS, lambda ledger, event, version: fold_ledger(ledger, event)),
)
"""The parts that a case is made of beside its own members: member, events, fold."""


class Case(Struct, frozen=True, kw_only=True):
    """A case after `version` events.

    `touched` says at which version a person last changed a thing (status, priority, type,
    assignment, or a field by its name); `clock_version` is that of the last event that may
    have moved a clock; `timers` is the last cycle in which each fired. `assessed`: an agent has
    assessed the priority since it was last asked. `stranger` is the contact who is in no directory.
    """

    version: int = 0
    reference: str = ""
    customer: str = ""
    contact: str = ""
    stranger: Stranger = Stranger()
    channel: str = ""
    menu: str = ""
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
    phase: str = ""
    decisions: dict[str, Stand] = {}
    planned: Planned = Planned()
    rating: Rating = Rating()
    links: Links = Links()
    timers: dict[str, int] = {}
    letters: tuple[Letter, ...] = ()
    people: People = People()
    ledger: Ledger = Ledger()

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
                stranger=event.personal.stranger,
                case_type=event.case_type,
                fields=event.fields,
                menu=event.menu,
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
            return _fold_part(case, event)


def _fold_part(case: Case, event: Event) -> Case:
    """What one part of the case makes of an event that concerns it alone."""
    for name, events, fold_part in PARTS:
        if isinstance(event, events):
            return replace(case, **{name: fold_part(getattr(case, name), event, case.version)})
    return case


def _touch(case: Case, *things: str) -> Case:
    return replace(case, touched=case.touched | dict.fromkeys(things, case.version))
