"""The consequences of events, as the definition says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from case_definition.lookup.definition import Definition
from case_definition.rules.event_variables import triggers_of
from case_definition.rules.variables import event_variables
from case_definition.schema.consequences import Consequence
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AssessmentRequested,
    CaseAssigned,
    FieldsSet,
    StatusChanged,
)
from case_events.contracts.decisions import DecisionRequested
from case_events.contracts.ratings import RatingRequested
from case_events.contracts.releases import CaseReleased

from case_workflow.domain.approvals.decide import ask_approval
from case_workflow.domain.case import Case
from case_workflow.domain.people.visibility import VISIBILITY_EVENTS, removed_hidden
from case_workflow.domain.phases.decide import enter
from case_workflow.domain.releases.decide import slipped_by_rule
from case_workflow.domain.verdict import Refusal, Requester, UncommittedEvents, variables

MAX_CONSEQUENCES = 50
"""The most consequences of one request. More would mean that rules set each other off."""


def what_follows(
    happened: UncommittedEvents, requester: Requester, definition: Definition
) -> UncommittedEvents | Refusal:
    """The events with all their consequences, in order; or a refusal where they never end."""
    most, read = len(happened.events) + MAX_CONSEQUENCES, 0
    while read < len(happened.events):  # consequences have consequences too
        happened = _set_off(happened, happened.events[read], requester, definition)
        read += 1
        if len(happened.events) > most:
            count = MAX_CONSEQUENCES
            reason = f"More than {count} things followed by themselves: correct the definition."
            return Refusal("circle", "definition", "ends", reason)
    return happened


def _set_off(
    happened: UncommittedEvents, event: Event, requester: Requester, definition: Definition
) -> UncommittedEvents:
    """The events with the direct consequences of one of them: a step, a phase, automations.
    Each consequence is decided on the case as the one before it left it."""
    if isinstance(event, StatusChanged):
        step = definition.transitions.get(event.transition)
        return _consequences(happened, step.then, requester, definition) if step else happened
    if isinstance(event, VISIBILITY_EVENTS):
        happened = happened.and_then(removed_hidden(happened.case, definition))
    triggers = triggers_of(event)
    return _triggered(happened, event, triggers, requester, definition) if triggers else happened


def _triggered(
    happened: UncommittedEvents,
    event: Event,
    triggers: Sequence[str],
    requester: Requester,
    definition: Definition,
) -> UncommittedEvents:
    """The events with the step, the phase and the automations that these triggers set off."""
    case = happened.case
    known = variables(case, requester, definition, **event_variables(event, requester.parties))
    step = definition.automatic(case.status, case.case_type, triggers, known)
    if step is not None and step.to != case.status:
        stepped = StatusChanged(step.to, case.status, step.name, reason=step.on or "")
        happened = happened.and_then([stepped])
        case = happened.case
    phase = definition.automatic_phase(case.phase, case.case_type, triggers, known)
    if phase is not None and definition.statuses[case.status].kind != "final":
        happened = happened.and_then(enter(case, phase, reason=phase.on or ""))
    for automation in definition.automations(case.case_type, triggers, known):
        happened = _consequences(happened, automation.then, requester, definition)
    return happened


def _consequences(
    happened: UncommittedEvents,
    then: Sequence[Consequence],
    requester: Requester,
    definition: Definition,
) -> UncommittedEvents:
    for one in then:
        follow = CONSEQUENCES[one.kind]
        happened = happened.and_then(follow(happened.case, one, requester, definition))
    return happened


def _assess_again(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    return [AssessmentRequested(case.priority)]


def _assign(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    team = consequence.assign or ""
    if team == case.team:
        return []
    return [CaseAssigned(team, previous_team=case.team, previous_agent=case.agent)]


def _set_fields(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    own = definition.case_types[case.case_type].field_names
    changed = {
        name: value
        for name, value in consequence.set_fields.items()
        if name in own and case.fields.get(name, "") != value
    }
    return [FieldsSet(changed)] if changed else []


def _set_phase(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    phase = definition.phases[consequence.set_phase or ""]
    ended = definition.statuses[case.status].kind == "final"
    if ended or case.phase == phase.name or not phase.is_for(case.case_type):
        return []
    return enter(case, phase, reason="set_phase")


def _ask_decision(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    terms = definition.decisions[consequence.ask_decision or ""]
    return [DecisionRequested(terms.name, terms.role)]


def _slip_release(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    return slipped_by_rule(case, requester, definition, "slip_release")


def _released(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    if case.planned.released:
        return []
    return [CaseReleased(case.release, case.planned.week)]


def _ask_rating(
    case: Case, consequence: Consequence, requester: Requester, definition: Definition
) -> list[Event]:
    """A contact who has rated is not asked again; they may still change the rating."""
    terms = definition.document.ratings
    if terms is None or case.rating.stars is not None:
        return []
    return [RatingRequested(terms.lowest, terms.highest)]


Follow = Callable[[Case, Any, Requester, Definition], list[Event]]

CONSEQUENCES: Mapping[str, Follow] = {
    "assess_again": _assess_again,
    "ask_approval": ask_approval,
    "assign": _assign,
    "set_fields": _set_fields,
    "set_phase": _set_phase,
    "ask_decision": _ask_decision,
    "slip_release": _slip_release,
    "released": _released,
    "ask_rating": _ask_rating,
}
"""The events of each kind of consequence, by its member in the definition."""
