"""What follows by itself from what has happened, as the definition says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from case_definition.consequences import Consequence
from case_definition.happened import event_facts, triggers_of
from case_definition.lookup import Definition
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
from case_events.kernel import replay

from case_workflow.domain.approving import ask_approval
from case_workflow.domain.asking import Asker, Refusal, facts
from case_workflow.domain.case import Case, fold
from case_workflow.domain.hiding import left_by_hidden
from case_workflow.domain.phasing import enter
from case_workflow.domain.releasing import slipped_by_rule

MOST = 50
"""More than this never follows from one thing by itself: it would run in a circle."""


def what_follows(
    case: Case, happened: Sequence[Event], asker: Asker, definition: Definition
) -> list[Event] | Refusal:
    """All that follows from events, in order; `case` is as it was before them."""
    case = replay(fold, case, happened)
    events = list(happened)
    for event in events:  # grows while it is read: what follows has consequences too
        for more in _set_off(case, event, asker, definition):
            case = fold(case, more)
            events.append(more)
        if len(events) > len(happened) + MOST:
            reason = f"More than {MOST} things followed by themselves: correct the definition."
            return Refusal("circle", "definition", "ends", reason)
    return events[len(happened) :]


def _set_off(case: Case, event: Event, asker: Asker, definition: Definition) -> Iterator[Event]:
    """What one event leads to at once: a step, and what follows steps and events."""
    for left in left_by_hidden(case, event, definition):
        case = fold(case, left)
        yield left
    if isinstance(event, StatusChanged) and event.transition in definition.transitions:
        yield from _consequences(
            case, definition.transitions[event.transition].then, asker, definition
        )
    triggers = triggers_of(event)
    if not triggers:
        return
    known = facts(case, asker, **event_facts(event))
    step = definition.automatic(case.status, case.case_type, triggers, known)
    if step is not None and step.to != case.status:
        stepped = StatusChanged(step.to, case.status, step.name, reason=step.on or "")
        case = fold(case, stepped)
        yield stepped
    phase = definition.automatic_phase(case.phase, case.case_type, triggers, known)
    if phase is not None and definition.statuses[case.status].kind != "final":
        yield from enter(case, phase, reason=phase.on or "")
    for automation in definition.automations(case.case_type, triggers, known):
        yield from _consequences(case, automation.then, asker, definition)


def _consequences(
    case: Case, then: Sequence[Consequence], asker: Asker, definition: Definition
) -> Iterator[Event]:
    for one in then:
        yield from CONSEQUENCES[one.kind](case, one, asker, definition)


def _assess_again(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    return [AssessmentRequested(case.priority)]


def _assign(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    team = consequence.assign or ""
    if team == case.team:
        return []
    return [CaseAssigned(team, previous_team=case.team, previous_agent=case.agent)]


def _set_fields(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    own = definition.case_types[case.case_type].field_names
    changed = {
        name: value
        for name, value in consequence.set_fields.items()
        if name in own and case.fields.get(name, "") != value
    }
    return [FieldsSet(changed)] if changed else []


def _set_phase(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    phase = definition.phases[consequence.set_phase or ""]
    ended = definition.statuses[case.status].kind == "final"
    if ended or case.phase == phase.name or not phase.is_for(case.case_type):
        return []
    return enter(case, phase, reason="set_phase")


def _ask_decision(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    terms = definition.decisions[consequence.ask_decision or ""]
    return [DecisionRequested(terms.name, terms.role)]


def _slip_release(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    return slipped_by_rule(case, asker, definition, "slip_release")


def _released(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    if case.planned.released:
        return []
    return [CaseReleased(case.planned.release, case.planned.week)]


def _ask_rating(
    case: Case, consequence: Consequence, asker: Asker, definition: Definition
) -> list[Event]:
    """Whoever has rated already is not asked again: they may still change it."""
    terms = definition.document.ratings
    if terms is None or case.rating.stars is not None:
        return []
    return [RatingRequested(terms.lowest, terms.highest)]


Follow = Callable[[Case, Any, Asker, Definition], list[Event]]

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
"""What each kind of consequence leads to, by its member in the definition."""
