"""The decider of each command."""

from collections.abc import Callable, Mapping
from typing import Any

from case_definition.lookup.definition import Definition
from case_definition.schema.definition import Transition
from case_events.contracts.approvals import DeclineApproval, GrantApproval, RequestApproval
from case_events.contracts.base import Event, contract_of
from case_events.contracts.bounces import MendAddress
from case_events.contracts.cases import (
    CaseAssigned,
    CaseClassified,
    CommentAdded,
    FieldsSet,
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
    AcceptLink,
    ForwardComment,
    ForwardSolution,
    ForwardWatchers,
    LinkCase,
    MergeCase,
    OpenProblem,
    RemoveLink,
    RequestFollowUp,
    SplitCase,
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
from case_events.contracts.phases import ChangePhase
from case_events.contracts.ratings import RateCase
from case_events.contracts.releases import PlanRelease, SlipRelease
from case_events.contracts.tags import AddTag, RemoveTag
from case_events.contracts.work import CorrectWork, LogWork

from case_workflow.domain.approvals.decide import decline, grant, request_approval
from case_workflow.domain.bounces.decide import mend_address
from case_workflow.domain.case import Case
from case_workflow.domain.decisions.decide import ask_decision, decide_case
from case_workflow.domain.fields.decide import (
    changed_fields,
    fields_are_good,
    is_complete,
    may_edit,
)
from case_workflow.domain.links.decide import accept_link, link_case, remove_link, unlink_case
from case_workflow.domain.links.merge import merge_case, passed_on, undo_merge
from case_workflow.domain.links.new_cases import open_problem, request_follow_up, split_case
from case_workflow.domain.links.solutions import accept_comment, accept_solution
from case_workflow.domain.people.decide import (
    accept_watchers,
    add_watcher,
    answer_consultation,
    consult,
    remove_watcher,
    withdraw_consultation,
)
from case_workflow.domain.phases.decide import change_phase, left_behind
from case_workflow.domain.priority.decide import assess, request_assessment
from case_workflow.domain.ratings.decide import rate
from case_workflow.domain.releases.decide import plan_release, slip_release
from case_workflow.domain.tags.decide import add_tag, remove_tag
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
from case_workflow.domain.work_log.decide import correct_work, log_work


def decide(case: Case, command: Command, requester: Requester, definition: Definition) -> Verdict:
    """The verdict on a command, without the consequences of its events."""
    asked_by = contract_of(command).asked_by
    if asked_by == "cases":
        if not requester.another_case:
            return not_allowed("by", "Only cases ask this of each other.", field="command")
    elif not requester.participant:
        return not_allowed("participant", "This case is not yours.", field="case")
    elif asked_by == "agents" and requester.capacity != "agent":
        return not_allowed("by", "Only agents may do this.", field="command")
    decider = DECIDERS.get(type(command))
    if decider is None:
        return Refusal("unknown", "command", "known", "This command is not known here.")
    return decider(case, command, requester, definition)


def _add_comment(
    case: Case, command: AddComment, requester: Requester, definition: Definition
) -> Verdict:
    if case.links.merged is None and not _takes_comments(case, requester, definition):
        status = named("statuses", case.status, requester, definition)
        return not_allowed("comments_by", f"A case in {status} takes no comments.", "status")
    if not command.personal.text.strip() and not command.attachments:
        return Refusal("invalid", "text", "required", "Write something, or attach a file.")
    if not command.public and requester.capacity != "agent":
        return not_allowed("public", "Only agents write internal notes.", field="public")
    if case.links.merged is not None:
        return passed_on(case.links.merged, requester.record, requester.capacity)
    return [
        CommentAdded(
            requester.record,
            requester.capacity,
            command.public,
            attachments=command.attachments,
            personal=command.personal,
        )
    ]


def _takes_comments(case: Case, requester: Requester, definition: Definition) -> bool:
    return requester.capacity in definition.statuses[case.status].comments_by


def _change_status(
    case: Case, command: ChangeStatus, requester: Requester, definition: Definition
) -> Verdict:
    step = definition.transitions.get(command.transition)
    if step is None:
        reason = f"There is no step {command.transition!r}."
        return Refusal("unknown", "transition", "known", reason)
    adds = command.personal.text.strip() or command.attachments or command.fields
    if case.status == step.to and case.status not in step.from_statuses and not adds:
        return UNCHANGED
    refusal = (
        conflict(case, command.seen, "status", *command.fields)
        or _may_take(case, step, requester, definition)
        or is_complete(case, step, command, requester, definition)
        or may_edit(case, requester, command.fields, definition, transition=step.name)
    )
    if refusal:
        return refusal
    events: list[Event] = []
    if changed := changed_fields(case, command.fields):
        events.append(FieldsSet(changed))
    if command.personal.text.strip() or command.attachments:
        events.append(
            CommentAdded(
                requester.record,
                requester.capacity,
                True,
                transition=step.name,
                attachments=command.attachments,
                personal=command.personal,
            )
        )
    return [*events, StatusChanged(step.to, case.status, step.name)]


def _may_take(
    case: Case, step: Transition, requester: Requester, definition: Definition
) -> Refusal | None:
    title = named("transitions", step.name, requester, definition)
    if case.status not in step.from_statuses:
        status = named("statuses", case.status, requester, definition)
        return not_allowed("from", f"A case in {status} cannot take the step {title}.")
    if not step.is_for(case.case_type):
        case_type = named("case_types", case.case_type, requester, definition)
        return not_allowed("case_types", f"A case of type {case_type} does not take {title}.")
    if requester.capacity not in step.by:
        return not_allowed("by", f"The step {title} is not for a {requester.capacity}.")
    known = variables(
        case, requester, definition, type="status_changed", transition=step.name,
        from_status=case.status, to_status=step.to,
    )  # fmt: skip
    if not definition.holds(step.when, known):
        return not_allowed("when", f"The step {title} is not possible now.")
    return None


def _set_fields(
    case: Case, command: SetFields, requester: Requester, definition: Definition
) -> Verdict:
    refusal = (
        conflict(case, command.seen, *command.fields)
        or fields_are_good(case, command.fields, requester, definition)
        or may_edit(case, requester, command.fields, definition)
    )
    if refusal:
        return refusal
    changed = changed_fields(case, command.fields)
    return [FieldsSet(changed)] if changed else UNCHANGED


def _classify(
    case: Case, command: ClassifyCase, requester: Requester, definition: Definition
) -> Verdict:
    if command.case_type == case.case_type:
        return UNCHANGED
    allowed = definition.case_types[case.case_type].reclassify_to
    if command.case_type not in allowed:
        known = {name: named("case_types", name, requester, definition) for name in
                 (case.case_type, *allowed)}  # fmt: skip
        own = known.pop(case.case_type)
        others = ", ".join(known.values()) or "nothing else"
        reason = f"A case of type {own} can become: {others}."
        return Refusal("not_allowed", "case_type", "reclassify_to", reason)
    return conflict(case, command.seen, "type") or [
        CaseClassified(command.case_type, case.case_type),
        *left_behind(case, command.case_type, definition),
    ]


def _assign(
    case: Case, command: AssignCase, requester: Requester, definition: Definition
) -> Verdict:
    if command.team not in definition.teams:
        return Refusal("invalid", "team", "options", f"There is no team {command.team!r}.")
    if not requester.nominee_is_valid:
        reason = f"{command.agent!r} is no agent of the team {command.team}."
        return Refusal("invalid", "agent", "options", reason)
    agent = requester.substitute or command.agent
    if (command.team, agent) == (case.team, case.agent):
        return UNCHANGED
    return conflict(case, command.seen, "assignment") or [
        CaseAssigned(
            command.team,
            agent,
            previous_team=case.team,
            previous_agent=case.agent,
            stands_in_for=command.agent if requester.substitute else "",
        )
    ]


Decider = Callable[[Case, Any, Requester, Definition], Verdict]

DECIDERS: Mapping[type[Command], Decider] = {
    AddComment: _add_comment,
    AddTag: add_tag,
    AddWatcher: add_watcher,
    AnswerConsultation: answer_consultation,
    AskDecision: ask_decision,
    AssessPriority: assess,
    AssignCase: _assign,
    ChangePhase: change_phase,
    ChangeStatus: _change_status,
    ClassifyCase: _classify,
    ConsultTeam: consult,
    CorrectWork: correct_work,
    DecideCase: decide_case,
    DeclineApproval: decline,
    RemoveLink: remove_link,
    GrantApproval: grant,
    LinkCase: link_case,
    LogWork: log_work,
    MendAddress: mend_address,
    MergeCase: merge_case,
    OpenProblem: open_problem,
    PlanRelease: plan_release,
    RateCase: rate,
    RemoveTag: remove_tag,
    RemoveWatcher: remove_watcher,
    RequestApproval: request_approval,
    RequestAssessment: request_assessment,
    RequestFollowUp: request_follow_up,
    SetFields: _set_fields,
    SlipRelease: slip_release,
    SplitCase: split_case,
    ForwardComment: accept_comment,
    AcceptLink: accept_link,
    ForwardSolution: accept_solution,
    ForwardWatchers: accept_watchers,
    UndoMerge: undo_merge,
    UnlinkCase: unlink_case,
    WithdrawConsultation: withdraw_consultation,
}
"""The decider of each command. The contract of a command says who may ask it."""
