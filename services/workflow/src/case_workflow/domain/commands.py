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
from case_events.contracts.decisions import AskDecision, DecideCase
from case_events.contracts.links import (
    BetweenCases,
    DropLink,
    LinkCase,
    MergeCase,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
    TakeComment,
    TakeLink,
    TakeSolution,
    TakeWatchers,
    UndoMerge,
    UnlinkCase,
)
from case_events.contracts.people import (
    AddWatcher,
    AnswerConsultation,
    ConsultTeam,
    RemoveWatcher,
    WithdrawConsultation,
)
from case_events.contracts.phases import ChangePhase, PhaseChanged
from case_events.contracts.ratings import RateCase
from case_events.contracts.releases import PlanRelease, ReleasePassed, SlipRelease
from case_events.contracts.work import CorrectWork, LogWork

from case_workflow.domain.approving import decline, grant, request_approval
from case_workflow.domain.asking import (
    UNCHANGED,
    Asker,
    Decision,
    Refusal,
    conflict,
    named,
    not_allowed,
    variables,
)
from case_workflow.domain.assessing import assess, request_assessment
from case_workflow.domain.booking import correct_work, log_work
from case_workflow.domain.case import Case
from case_workflow.domain.deciding import ask_decision, decide_case
from case_workflow.domain.filling import changed_fields, fields_are_good, is_complete, may_edit
from case_workflow.domain.involving import (
    add_watcher,
    answer_consultation,
    consult,
    remove_watcher,
    take_watchers,
    withdraw_consultation,
)
from case_workflow.domain.linking import drop_link, link_case, take_link, unlink_case
from case_workflow.domain.merging import merge_case, passed_on, undo_merge
from case_workflow.domain.phasing import change_phase, left_behind
from case_workflow.domain.rating import rate
from case_workflow.domain.releasing import plan_release, slip_release
from case_workflow.domain.requesting import open_problem, request_follow_up, split_case
from case_workflow.domain.solving import take_comment, take_solution


def decide(case: Case, command: Command, asker: Asker, definition: Definition) -> Decision:
    """What a command leads to, without what follows from it."""
    if isinstance(command, BetweenCases):
        if not asker.another_case:
            return not_allowed("by", "Only cases ask this of each other.", field="command")
        return CASES_DECIDE[type(command)](case, command, asker, definition)
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
    if case.links.merged is None and not _takes_comments(case, asker, definition):
        status = named("statuses", case.status, asker, definition)
        return not_allowed("comments_by", f"A case in {status} takes no comments.", "status")
    if not command.personal.text.strip() and not command.attachments:
        return Refusal("invalid", "text", "required", "Write something, or attach a file.")
    if not command.public and asker.capacity != "agent":
        return not_allowed("public", "Only agents write internal notes.", field="public")
    if case.links.merged is not None:
        return passed_on(case.links.merged, asker.record, asker.capacity)
    return [
        CommentAdded(
            asker.record,
            asker.capacity,
            command.public,
            attachments=command.attachments,
            personal=command.personal,
        )
    ]


def _takes_comments(case: Case, asker: Asker, definition: Definition) -> bool:
    return asker.capacity in definition.statuses[case.status].comments_by


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
        or is_complete(case, step, command, asker, definition)
        or may_edit(case, asker, command.fields, definition, transition=step.name)
    )
    if refusal:
        return refusal
    events: list[Event] = []
    if changed := changed_fields(case, command.fields):
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
    title = named("transitions", step.name, asker, definition)
    if case.status not in step.from_statuses:
        status = named("statuses", case.status, asker, definition)
        return not_allowed("from", f"A case in {status} cannot take the step {title}.")
    if not step.is_for(case.case_type):
        case_type = named("case_types", case.case_type, asker, definition)
        return not_allowed("case_types", f"A case of type {case_type} does not take {title}.")
    if asker.capacity not in step.by:
        return not_allowed("by", f"The step {title} is not for a {asker.capacity}.")
    known = variables(
        case, asker, definition, type="status_changed", transition=step.name,
        from_status=case.status, to_status=step.to,
    )  # fmt: skip
    if not definition.holds(step.when, known):
        return not_allowed("when", f"The step {title} is not possible now.")
    return None


def _set_fields(case: Case, command: SetFields, asker: Asker, definition: Definition) -> Decision:
    refusal = (
        conflict(case, command.seen, *command.fields)
        or fields_are_good(case, command.fields, asker, definition)
        or may_edit(case, asker, command.fields, definition)
    )
    if refusal:
        return refusal
    changed = changed_fields(case, command.fields)
    return [FieldsSet(changed)] if changed else UNCHANGED


def _classify(case: Case, command: ClassifyCase, asker: Asker, definition: Definition) -> Decision:
    if command.case_type == case.case_type:
        return UNCHANGED
    allowed = definition.case_types[case.case_type].reclassify_to
    if command.case_type not in allowed:
        known = {name: named("case_types", name, asker, definition) for name in
                 (case.case_type, *allowed)}  # fmt: skip
        own = known.pop(case.case_type)
        others = ", ".join(known.values()) or "nothing else"
        reason = f"A case of type {own} can become: {others}."
        return Refusal("not_allowed", "case_type", "reclassify_to", reason)
    return conflict(case, command.seen, "type") or [
        CaseClassified(command.case_type, case.case_type),
        *left_behind(case, command.case_type, definition),
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
    ChangePhase: change_phase,
    ChangeStatus: _change_status,
    RateCase: rate,
    DeclineApproval: decline,
    GrantApproval: grant,
    RequestAssessment: request_assessment,
    RequestFollowUp: request_follow_up,
    SetFields: _set_fields,
}
"""What whoever takes part may ask; each decides for itself in which capacity."""

AGENTS_DECIDE: Mapping[type[Command], Decider] = {
    AnswerConsultation: answer_consultation,
    ConsultTeam: consult,
    WithdrawConsultation: withdraw_consultation,
    AskDecision: ask_decision,
    AssessPriority: assess,
    AssignCase: _assign,
    ClassifyCase: _classify,
    DecideCase: decide_case,
    PlanRelease: plan_release,
    SlipRelease: slip_release,
    LinkCase: link_case,
    MergeCase: merge_case,
    OpenProblem: open_problem,
    SplitCase: split_case,
    UndoMerge: undo_merge,
    UnlinkCase: unlink_case,
    CorrectWork: correct_work,
    LogWork: log_work,
    RequestApproval: request_approval,
}
"""What only agents may ask."""

CASES_DECIDE: Mapping[type[Command], Decider] = {
    DropLink: drop_link,
    TakeComment: take_comment,
    TakeLink: take_link,
    TakeSolution: take_solution,
    TakeWatchers: take_watchers,
}
"""What one case asks of another."""


def made_by_rule(event: Event) -> bool:
    """Whether an event follows by a rule of the definition, and nobody asked for it."""
    match event:
        case AgreementApplied() | ReleasePassed():
            return True
        case PriorityAssessed(by=by):
            return by == "rule"
        case (
            StatusChanged(reason=reason) | CaseAssigned(reason=reason) | PhaseChanged(reason=reason)
        ):
            return reason != ""
        case _:
            return False
