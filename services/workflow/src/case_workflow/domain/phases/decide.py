"""Entering a phase, and the status that goes with it."""

from case_definition.lookup.definition import Definition
from case_definition.schema.phases import Phase
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded, FieldsSet, StatusChanged
from case_events.contracts.phases import ChangePhase, PhaseChanged

from case_workflow.domain.case import Case
from case_workflow.domain.fields.decide import changed_fields, is_complete, may_edit
from case_workflow.domain.verdict import (
    UNCHANGED,
    Refusal,
    Requester,
    Verdict,
    conflict,
    named,
    not_allowed,
    variables,
)


def change_phase(
    case: Case, command: ChangePhase, requester: Requester, definition: Definition
) -> Verdict:
    """Enter another phase, with the fields that it requires."""
    phase = definition.phases.get(command.phase)
    if phase is None:
        return Refusal("unknown", "phase", "known", f"There is no phase {command.phase!r}.")
    words = command.personal
    if case.phase == phase.name and not (words.text.strip() or command.fields):
        return UNCHANGED
    refusal = (
        conflict(case, command.seen, "status", *command.fields)
        or _may_enter(case, phase, requester, definition)
        or is_complete(case, phase, command, requester, definition)
        or may_edit(case, requester, command.fields, definition, phase=phase.name)
    )
    if refusal:
        return refusal
    events: list[Event] = []
    if changed := changed_fields(case, command.fields):
        events.append(FieldsSet(changed))
    if words.text.strip():
        given_with = f"phase:{phase.name}"
        events.append(
            CommentAdded(
                requester.record, requester.capacity, True, transition=given_with, personal=words
            )
        )
    return [*events, *enter(case, phase)]


def enter(case: Case, phase: Phase, reason: str = "") -> list[Event]:
    """The phase and its status; `reason` names the rule, if a rule asks for them."""
    events: list[Event] = [PhaseChanged(phase.name, case.phase, reason)]
    if phase.status is not None and phase.status != case.status:
        events.append(StatusChanged(phase.status, case.status, reason=f"phase:{phase.name}"))
    return events


def left_behind(case: Case, case_type: str, definition: Definition) -> list[Event]:
    """The event by which a case leaves its phase after it got a type without that phase."""
    phase = definition.phases.get(case.phase)
    if phase is None or phase.is_for(case_type):
        return []
    return [PhaseChanged("", case.phase, reason="classified")]


def _may_enter(
    case: Case, phase: Phase, requester: Requester, definition: Definition
) -> Refusal | None:
    def called(section: str, name: str) -> str:
        return named(section, name, requester, definition)

    title = called("phases", phase.name)
    if definition.statuses[case.status].kind == "final":
        status = called("statuses", case.status)
        return not_allowed("status", f"A case in {status} has no other phase.", "status")
    if not phase.is_for(case.case_type):
        case_type = called("case_types", case.case_type)
        return not_allowed("case_types", f"A case of type {case_type} has no {title}.", "phase")
    if requester.capacity not in phase.by:
        return not_allowed("by", f"{title} is not for a {requester.capacity} to say.", "phase")
    possible = [one.name for one in definition.phases_from(case.phase, case.case_type)]
    if phase.name not in possible:
        came_from = called("phases", case.phase) if case.phase else "the beginning"
        next_ones = " or ".join(called("phases", name) for name in possible)
        reason = f"From {came_from} a case goes to {next_ones or 'no other phase'}."
        return not_allowed("next", reason, "phase")
    known = variables(case, requester, definition, type="phase_changed", phase=phase.name)
    if not definition.holds(phase.when, known):
        return not_allowed("when", f"{title} is not possible now.", "phase")
    return None
