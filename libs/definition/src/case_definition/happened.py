"""What rules and triggers are told about an event of a case."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
from case_events.contracts.base import Event, label_of
from case_events.contracts.cases import (
    CaseAssigned,
    CaseClassified,
    CommentAdded,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseLinked, ProblemSolved
from case_events.contracts.people import ConsultationAnswered, ConsultationRequested
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.ratings import CaseRated
from case_events.contracts.releases import (
    CaseReleased,
    ReleasePassed,
    ReleasePlanned,
    ReleaseSlipped,
)
from case_events.contracts.sla import DeadlineWarned, TargetBreached, TimerFired
from case_events.contracts.work import WorkLogged

from case_definition.vocabulary import FACTS

ROUTED = "routed"
"""The reason of an assignment that nobody made: the routing of a new case."""


def event_facts(event: Event) -> dict[str, Any]:
    """`event` as a rule asks it: its type, and every member that rules know."""
    told = {name: getattr(event, name) for name in FACTS["event"] if hasattr(event, name)}
    told["type"] = label_of(event)
    if isinstance(event, StatusChanged):
        told |= {"from_status": event.previous, "to_status": event.status}
    if isinstance(event, CaseCreated) and event.origin is not None:
        told["kind"] = event.origin.kind
    return told


def triggers_of(event: Event) -> tuple[str, ...]:
    """What an event may set off: its trigger alone, and about the one thing it concerns."""
    named = _TRIGGERS.get(type(event))
    return tuple(named(event)) if named else ()


def _commented(event: CommentAdded) -> Iterator[str]:
    """A public message; one that was given with a step has that step already."""
    if event.public and not event.transition:
        yield f"{event.author}_replied"


def _assigned(event: CaseAssigned) -> Iterator[str]:
    """A new case is routed when it has been created: that is the trigger."""
    yield "created" if event.reason == ROUTED else "assigned"


def _about(trigger: str, member: str) -> Callable[[Any], Iterator[str]]:
    def named(event: Event) -> Iterator[str]:
        yield trigger
        yield f"{trigger}:{getattr(event, member)}"

    return named


def _prioritised(event: PriorityAssessed) -> Iterator[str]:
    """Assessed by an agent: what a rule sets at the start is part of being created."""
    if event.by == "agent":
        yield "prioritised"


def _decided(event: DecisionMade) -> Iterator[str]:
    """By its outcome, whatever it was about and about the one decision."""
    yield f"decision_{event.outcome}"
    yield f"decision_{event.outcome}:{event.decision}"


def _alone(trigger: str) -> Callable[[Any], Iterator[str]]:
    return lambda event: iter((trigger,))


def _worked(event: WorkLogged) -> Iterator[str]:
    """Work took the last free minutes of the case, where it took any."""
    yield "work_logged"
    if event.allowance and event.allowance_left == 0:
        yield "allowance_used"


_TRIGGERS: Mapping[type[Event], Callable[[Any], Iterator[str]]] = {
    CommentAdded: _commented,
    CaseAssigned: _assigned,
    CaseClassified: _about("classified", "case_type"),
    PriorityAssessed: _prioritised,
    ApprovalRequested: _about("approval_requested", "approval"),
    ApprovalGranted: _about("approval_granted", "approval"),
    ApprovalDeclined: _about("approval_declined", "approval"),
    WorkLogged: _worked,
    DeadlineWarned: _about("warned", "target"),
    TargetBreached: _about("breached", "target"),
    CaseLinked: _alone("linked"),
    ProblemSolved: _alone("problem_solved"),
    ConsultationRequested: _about("consulted", "team"),
    ConsultationAnswered: _about("consultation_answered", "team"),
    PhaseChanged: _about("phase", "phase"),
    DecisionRequested: _about("decision_asked", "decision"),
    DecisionMade: _decided,
    ReleasePlanned: _alone("release_planned"),
    ReleaseSlipped: _alone("release_slipped"),
    ReleasePassed: _alone("release_passed"),
    CaseReleased: _alone("released"),
    CaseRated: _alone("rated"),
    TimerFired: _about("timer", "timer"),
}
