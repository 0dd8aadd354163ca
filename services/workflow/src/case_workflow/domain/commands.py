"""What people ask of a case, and what follows: facts, no, or nothing new."""

from collections.abc import Callable, Mapping
from typing import Any

from case_definition.lookup import Definition
from case_definition.schema import Transition
from case_events.contracts.approvals import DeclineApproval, GrantApproval, RequestApproval
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
from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
    RequestAssessment,
    SetFields,
)
from case_events.contracts.people import (
    AddWatcher,
    AnswerConsultation,
    ConsultTeam,
    RemoveWatcher,
)
from case_events.contracts.work import CorrectWork, LogWork

from case_workflow.domain.approving import decline, grant, request_approval
from case_workflow.domain.asking import (
    UNCHANGED,
    Asker,
    Decision,
    Refusal,
    conflict,
    facts,
    not_allowed,
)
from case_workflow.domain.assessing import assess, request_assessment
from case_workflow.domain.booking import correct_work, log_work
from case_workflow.domain.case import Case
from case_workflow.domain.involving import (
    add_watcher,
    answer_consultation,
    consult,
    remove_watcher,
)


def decide(case: Case, command: Command, asker: Asker, definition: Definition) -> Decision:
    """What a command leads to, without what follows from it."""
    if not asker.participant:
        return not_allowed("participant", "This case is not yours.", field="case")
    if type(command) in AGENTS_DECIDE:
        if asker.capacity != "agent":
            return not_allowed("by", "Only agents may do this.", field="command")
        return AGENTS_DECIDE[type(command)](case, command, asker, definition)
    if type(command) in ANYBODY_DECIDES:
        return ANYBODY_DECIDES[type(command)](case, command, asker, definition)
    return Refusal("unknown", "command", "known", "This command is not known here.")


def _add_comment(case: Case, command: AddComment, asker: Asker, definition: Definition) -> Decision:
    if asker.capacity not in definition.statuses[case.status].comments_by:
        return not_allowed("comments_by", f"A {case.status} case takes no comments.", "status")
    if not command.personal.text.strip() and not command.attachments:
        return Refusal("invalid", "text", "required", "Write something, or attach a file.")
    if not command.public and asker.capacity != "agent":
        return not_allowed("public", "Only agents write internal notes.", field="public")
    return [
        CommentAdded(
            asker.record,
            asker.capacity,
            command.public,
            attachments=command.attachments,
            personal=command.personal,
        )
    ]


def _change_status(
    case: Case, command: ChangeStatus, asker: Asker, definition: Definition
) -> Decision:
    step = definition.transitions.get(command.transition)
    if step is None:
        reason = f"There is no step {command.transition!r}."
        return Refusal("unknown", "transition", "known", reason)
    adds = command.personal.text.strip() or command.attachments or command.fields
    if case.status == step.to and case.status not in step.from_statuses and not adds:
        return UNCHANGED
    refusal = (
        conflict(case, command.seen, "status", *command.fields)
        or _may_take(case, step, asker, definition)
        or _is_complete(case, step, command, definition)
        or _may_edit(asker, command.fields, definition)
    )
    if refusal:
        return refusal
    events: list[Event] = []
    if changed := _changed(case, command.fields):
        events.append(FieldsSet(changed))
    if command.personal.text.strip() or command.attachments:
        events.append(
            CommentAdded(
                asker.record,
                asker.capacity,
                True,
                transition=step.name,
                attachments=command.attachments,
                personal=command.personal,
            )
        )
    return [*events, StatusChanged(step.to, case.status, step.name)]


def _may_take(case: Case, step: Transition, asker: Asker, definition: Definition) -> Refusal | None:
    if case.status not in step.from_statuses:
        return not_allowed("from", f"A {case.status} case cannot take the step {step.name}.")
    if not step.is_for(case.case_type):
        return not_allowed("case_types", f"A {case.case_type} does not take {step.name}.")
    if asker.capacity not in step.by:
        return not_allowed("by", f"The step {step.name} is not for a {asker.capacity}.")
    known = facts(
        case, asker, type="StatusChanged", transition=step.name,
        from_status=case.status, to_status=step.to,
    )  # fmt: skip
    if not definition.holds(step.when, known):
        return not_allowed("when", f"The step {step.name} is not possible now.")
    return None


def _is_complete(
    case: Case, step: Transition, command: ChangeStatus, definition: Definition
) -> Refusal | None:
    if step.requires.comment and not command.personal.text.strip():
        return Refusal("invalid", "text", "required", f"The step {step.name} needs a comment.")
    filled = case.fields | command.fields
    for name in definition.required_by(step, case.case_type):
        if not filled.get(name, "").strip():
            reason = f"Fill in {name} to take the step {step.name}."
            return Refusal("invalid", name, "required", reason)
    return _fields_are_good(case, command.fields, definition)


def _set_fields(case: Case, command: SetFields, asker: Asker, definition: Definition) -> Decision:
    refusal = (
        conflict(case, command.seen, *command.fields)
        or _fields_are_good(case, command.fields, definition)
        or _may_edit(asker, command.fields, definition)
    )
    if refusal:
        return refusal
    changed = _changed(case, command.fields)
    return [FieldsSet(changed)] if changed else UNCHANGED


def _may_edit(asker: Asker, fields: Mapping[str, str], definition: Definition) -> Refusal | None:
    for name in fields:
        if asker.capacity not in definition.fields[name].editable_by:
            return not_allowed("editable_by", f"A {asker.capacity} does not change {name}.", name)
    return None


def _changed(case: Case, fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if case.fields.get(name, "") != value}


def _fields_are_good(
    case: Case, fields: Mapping[str, str], definition: Definition
) -> Refusal | None:
    for problem in definition.change_problems(case.case_type, fields):
        reason = f"The field {problem.field} breaks the rule {problem.rule}."
        return Refusal("invalid", problem.field, problem.rule, reason)
    return None


def _classify(case: Case, command: ClassifyCase, asker: Asker, definition: Definition) -> Decision:
    if command.case_type == case.case_type:
        return UNCHANGED
    allowed = definition.case_types[case.case_type].reclassify_to
    if command.case_type not in allowed:
        reason = f"A {case.case_type} can become: {', '.join(allowed) or 'nothing else'}."
        return Refusal("not_allowed", "case_type", "reclassify_to", reason)
    return conflict(case, command.seen, "type") or [
        CaseClassified(command.case_type, case.case_type)
    ]


def _assign(case: Case, command: AssignCase, asker: Asker, definition: Definition) -> Decision:
    if command.team not in definition.teams:
        return Refusal("invalid", "team", "options", f"There is no team {command.team!r}.")
    if not asker.named_fits:
        reason = f"{command.agent!r} is no agent of the team {command.team}."
        return Refusal("invalid", "agent", "options", reason)
    agent = asker.instead or command.agent
    if (command.team, agent) == (case.team, case.agent):
        return UNCHANGED
    return conflict(case, command.seen, "assignment") or [
        CaseAssigned(
            command.team,
            agent,
            previous_team=case.team,
            previous_agent=case.agent,
            stands_in_for=command.agent if asker.instead else "",
        )
    ]


Decider = Callable[[Case, Any, Asker, Definition], Decision]

ANYBODY_DECIDES: Mapping[type[Command], Decider] = {
    AddWatcher: add_watcher,
    RemoveWatcher: remove_watcher,
    AddComment: _add_comment,
    ChangeStatus: _change_status,
    DeclineApproval: decline,
    GrantApproval: grant,
    RequestAssessment: request_assessment,
    SetFields: _set_fields,
}
"""What whoever takes part may ask; each decides for itself in which capacity."""

AGENTS_DECIDE: Mapping[type[Command], Decider] = {
    AnswerConsultation: answer_consultation,
    ConsultTeam: consult,
    AssessPriority: assess,
    AssignCase: _assign,
    ClassifyCase: _classify,
    CorrectWork: correct_work,
    LogWork: log_work,
    RequestApproval: request_approval,
}
"""What only agents may ask."""


def made_by_rule(event: Event) -> bool:
    """Whether an event follows by a rule of the definition, and nobody asked for it."""
    match event:
        case AgreementApplied():
            return True
        case PriorityAssessed(by=by):
            return by == "rule"
        case StatusChanged(reason=reason) | CaseAssigned(reason=reason):
            return reason != ""
        case _:
            return False
