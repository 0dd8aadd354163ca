"""Solutions and comments that come from other cases."""

from case_definition.lookup.definition import Definition
from case_definition.rules.event_variables import triggers_of
from case_definition.rules.variables import event_variables
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded
from case_events.contracts.links import ForwardComment, ForwardSolution, ProblemSolved

from case_workflow.domain.case import Case
from case_workflow.domain.links.merge import passed_on
from case_workflow.domain.verdict import UNCHANGED, Requester, Verdict, variables


def accept_solution(
    case: Case, command: ForwardSolution, requester: Requester, definition: Definition
) -> Verdict:
    """Accept the solution of the problem that this case reports, once. The contact gets its text,
    with the step that the definition triggers by it, if any."""
    reports = command.passed_on or case.links.find("problem", "to", command.case) is not None
    if not reports or command.solution in case.links.solutions:
        return UNCHANGED
    if case.links.merged is not None:
        return passed_on(case.links.merged, command.solution, "agent")
    solved = ProblemSolved(command.case, command.reference, command.solution)
    has_text = command.personal.text.strip() or command.attachments
    if not has_text or definition.statuses[case.status].kind == "final":
        return [solved]
    return [
        solved,
        CommentAdded(
            command.solution,
            "agent",
            True,
            transition=_step(case, solved, requester, definition),
            attachments=command.attachments,
            personal=command.personal,
        ),
    ]


def _step(case: Case, solved: Event, requester: Requester, definition: Definition) -> str:
    """The name of the step that follows. The notice of that step has the text."""
    known = variables(case, requester, definition, **event_variables(solved, requester.parties))
    step = definition.automatic(case.status, case.case_type, triggers_of(solved), known)
    return step.name if step is not None and step.to != case.status else ""


def accept_comment(
    case: Case, command: ForwardComment, requester: Requester, definition: Definition
) -> Verdict:
    """Accept a comment on a case merged into this one; forward it if this one was merged too."""
    if case.links.merged is not None:
        return passed_on(case.links.merged, command.comment, command.author)
    return [
        CommentAdded(
            command.comment,
            command.author,
            command.public,
            attachments=command.attachments,
            message_id=command.message_id,
            raw=command.raw,
            personal=command.personal,
        )
    ]
