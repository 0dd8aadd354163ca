"""The state of a case, folded from its events. It has what decisions need, and no texts."""

from collections.abc import Callable, Mapping
from typing import Any

from case_definition.rules.case_state import CaseState, changes_of
from case_events.contracts import CLOCK_EVENTS
from case_events.contracts.base import Event
from case_events.contracts.bounces import NoticeBounced
from case_events.contracts.cases import (
    AssessmentRequested,
    CaseAssigned,
    CaseClassified,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.notices import NoticeSent
from case_events.contracts.ratings import CaseRated, RatingRequested
from case_events.contracts.releases import CaseReleased, ReleasePlanned, ReleaseSlipped
from case_events.contracts.sla import TimerFired
from msgspec.structs import replace

from case_workflow.domain.clocks.state import RECORDED_CLOCK_EVENTS as OF_CLOCKS
from case_workflow.domain.clocks.state import RecordedClock, fold_clocks, fold_timers
from case_workflow.domain.decisions.state import DecisionState, fold_decisions
from case_workflow.domain.links.state import LINK_EVENTS as OF_LINKS
from case_workflow.domain.links.state import CaseLinks, fold_links
from case_workflow.domain.notices.state import SentNotice, fold_sent_notices
from case_workflow.domain.people.state import PEOPLE_EVENTS, CasePeople, fold_people
from case_workflow.domain.ratings.state import RatingState, fold_rating
from case_workflow.domain.releases.state import PlannedRelease, fold_release

Fold = Callable[[Any, Any, int], Any]
"""From a part of the state, an event and the event's version to the part after the event."""

PARTS: tuple[tuple[str, tuple[type[Event], ...], Fold], ...] = (
    ("clocks", OF_CLOCKS, fold_clocks),
    ("links", OF_LINKS, fold_links),
    ("decisions", (DecisionRequested, DecisionMade), fold_decisions),
    ("planned", (ReleasePlanned, ReleaseSlipped, CaseReleased), fold_release),
    ("rating", (RatingRequested, CaseRated), fold_rating),
    ("timers", (TimerFired,), fold_timers),
    ("sent_notices", (NoticeSent, NoticeBounced), fold_sent_notices),
    ("people", PEOPLE_EVENTS, fold_people),
)
"""The parts of a case in addition to its own members: member, events, fold."""
_PART_OF: Mapping[type[Event], tuple[str, Fold]] = {
    event: (member, fold_part) for member, events, fold_part in PARTS for event in events
}


class Case(CaseState, frozen=True, kw_only=True):
    """A case after `version` events.

    `modified_at` is the version of the last change of each thing: status, priority, type,
    assignment, or a field by its name. `clock_version` is the version of the last event that may
    have moved a clock. `timers` is the last cycle in which each timer fired. `assessed`: an agent
    has assessed the priority since an assessment was last requested.
    """

    version: int = 0
    assessed: bool = False
    modified_at: dict[str, int] = {}
    clock_version: int = 0
    clocks: dict[str, RecordedClock] = {}
    decisions: dict[str, DecisionState] = {}
    planned: PlannedRelease = PlannedRelease()
    rating: RatingState = RatingState()
    links: CaseLinks = CaseLinks()
    timers: dict[str, int] = {}
    sent_notices: tuple[SentNotice, ...] = ()
    people: CasePeople = CasePeople()

    @property
    def exists(self) -> bool:
        """Whether the case has any event."""
        return self.version > 0


def fold(case: Case, event: Event) -> Case:
    """The case after one more event."""
    version = case.version + 1
    changes = changes_of(case, event)
    changes["version"] = version
    if type(event) in CLOCK_EVENTS:
        changes["clock_version"] = version
    if type(event) in _PART_OF:
        member, fold_part = _PART_OF[type(event)]
        changes[member] = fold_part(getattr(case, member), event, version)
    match event:
        case CaseClassified():
            things: tuple[str, ...] = ("type",)
        case PriorityAssessed(by=by):
            changes["assessed"] = case.assessed or by == "agent"
            things = ("priority",)
        case AssessmentRequested():
            return replace(case, assessed=False, **changes)
        case StatusChanged():
            things = ("status",)
        case CaseAssigned():
            things = ("assignment",)
        case FieldsSet(fields=fields):
            things = tuple(fields)
        case _:
            return replace(case, **changes)
    return replace(case, modified_at=case.modified_at | dict.fromkeys(things, version), **changes)
