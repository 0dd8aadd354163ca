"""The commands that a principal may send to a case that they see. Workflow decides whether the case
allows them."""

from case_definition.lookup.definition import Definition
from case_definition.lookup.form import names_files
from case_definition.schema.definition import Transition
from case_definition.schema.phases import Phase
from case_events.contracts.base import contract_of
from case_events.contracts.commands import (
    AddComment,
    ChangeStatus,
    Command,
    SetFields,
)
from case_events.contracts.people import (
    AnswerConsultation,
    RemoveWatcher,
    WithdrawConsultation,
)
from case_events.contracts.phases import ChangePhase
from case_events.contracts.tags import RemoveTag

from case_portal.core.principal import Principal
from case_portal.core.problem import (
    MAY_NOT_ASK,
    UNKNOWN_CONSULTATION,
    UNKNOWN_PLACE,
    UNKNOWN_TAG,
    UNKNOWN_WATCHER,
    Problem,
)
from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import CaseView


def check(
    principal: Principal, view: CaseView, definition: Definition, command: Command
) -> Problem | None:
    """Why this principal may not send the command; None if workflow decides."""
    if not principal.writes:
        return MAY_NOT_ASK
    declared = contract_of(command)
    if principal.kind == "contact" and declared.asked_by == "agents":
        return UNKNOWN_PLACE if declared.audience == "desk" else MAY_NOT_ASK
    match command:
        case AddComment():
            return _comment(principal, command)
        case RemoveWatcher(watcher=watcher) if watcher not in view.people.watchers:
            return UNKNOWN_WATCHER
        case RemoveTag(tag=tag) if tag not in view.tags:
            return UNKNOWN_TAG
        case AnswerConsultation() | WithdrawConsultation():
            open_ = {one.id for one in view.people.consultations}
            return None if command.consultation in open_ else UNKNOWN_CONSULTATION
        case ChangeStatus():
            return _step(principal, view, definition, command)
        case SetFields() | ChangePhase():
            return _fields(principal, view, definition, command)
        case _:
            return None


def steps_for(principal: Principal, case: OpenCase) -> list[Transition]:
    """The transitions that the definition lets this principal request in the case's state."""
    view, definition = case.view, case.definition
    if not principal.writes or not view.status:
        return []
    return [
        step
        for step in definition.transitions_from(view.status, view.case_type)
        if principal.kind in step.by
        and case.lets(
            step.when,
            type="status_changed",
            transition=step.name,
            from_status=view.status,
            to_status=step.to,
        )
    ]


def phases_for(principal: Principal, case: OpenCase) -> list[Phase]:
    """The phases to which the definition lets this principal move the case."""
    view = case.view
    if not principal.writes or not view.status or view.status_kind == "final":
        return []
    return [
        phase
        for phase in case.definition.phases_from(view.phase, view.case_type)
        if principal.kind in phase.by
        and case.lets(phase.when, type="phase_changed", phase=phase.name)
    ]


def may_rate(principal: Principal, view: CaseView, definition: Definition) -> bool:
    """Whether this principal may rate the case in its state."""
    terms = definition.document.ratings
    return principal.kind == "contact" and terms is not None and view.status in terms.statuses


def may_comment(principal: Principal, view: CaseView, definition: Definition) -> bool:
    """Whether this principal may write on the case in its state."""
    if not principal.writes or not view.status:
        return False
    return principal.kind in definition.statuses[view.status].comments_by


def _comment(principal: Principal, command: AddComment) -> Problem | None:
    if not command.personal.text.strip() and not command.attachments:
        return Problem(
            kind="invalid",
            code="empty_comment",
            field="text",
            rule="required",
            reason="Write something, or attach a file.",
        )
    if principal.kind == "contact" and not command.public:
        return MAY_NOT_ASK
    return None


def _step(
    principal: Principal, view: CaseView, definition: Definition, command: ChangeStatus
) -> Problem | None:
    step = definition.transitions.get(command.transition)
    if step is None or (principal.kind == "contact" and "contact" not in step.by):
        return Problem(
            kind="unknown",
            code="unknown_transition",
            field="transition",
            rule="known",
            reason="The definition of this case has no such step for you.",
        )
    return _fields(principal, view, definition, command)


def _fields(
    principal: Principal,
    view: CaseView,
    definition: Definition,
    command: SetFields | ChangeStatus | ChangePhase,
) -> Problem | None:
    for name, value in command.fields.items():
        field = definition.fields.get(name)
        if field is None or principal.kind not in field.editable_by:
            return Problem(
                kind="invalid",
                code="unknown_field",
                field=name,
                rule="known",
                reason=f"This case has no field {name!r} for you to fill in.",
            )
        if field.type == "files" and not names_files(field, value, _files(view, name, command)):
            return Problem(
                kind="invalid",
                code="unknown_file",
                field=name,
                rule="files",
                reason=f"Fill in {name} with names of files that are attached to the case.",
            )
    return None


def _files(
    view: CaseView, field: str, command: SetFields | ChangeStatus | ChangePhase
) -> list[str]:
    """The file names that a field may contain: files of the case, files that come with the command,
    and the names that the field has already."""
    come = command.personal.file_names if isinstance(command, ChangeStatus) else ()
    return [*(file.name for file in view.attachments), *come, view.fields.get(field, "")]
