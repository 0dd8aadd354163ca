"""A problem is solved once, and each of its reports hears it once."""

from case_definition.lookup.definition import Definition
from case_definition.rules.event_variables import triggers_of
from case_definition.rules.variables import event_variables
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded
from case_events.contracts.links import ProblemSolved, TakeComment, TakeSolution

from case_workflow.domain.case import Case
from case_workflow.domain.links.merge import passed_on
from case_workflow.domain.verdict import UNCHANGED, Requester, Verdict, variables


def accept_solution(
    case: Case, command: TakeSolution, requester: Requester, definition: Definition
) -> Verdict:
    """The problem that this case reports was solved: its contact gets the text of the solution,
    with the step that the definition lets follow, if it lets one."""
    reports = command.passed_on or case.links.find("problem", "to", command.case) is not None
    if not reports or command.solution in case.links.solutions:
        return UNCHANGED
    if case.links.merged is not None:
        return passed_on(case.links.merged, command.solution, "agent")
    solved = ProblemSolved(command.case, command.reference, command.solution)
    told = command.personal.text.strip() or command.attachments
    if not told or definition.statuses[case.status].kind == "final":
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
    """The step that follows, by its name: the text travels in the notice of it."""
    known = variables(case, requester, definition, **event_variables(solved, requester.parties))
    step = definition.automatic(case.status, case.case_type, triggers_of(solved), known)
    return step.name if step is not None and step.to != case.status else ""


def accept_comment(
    case: Case, command: TakeComment, requester: Requester, definition: Definition
) -> Verdict:
    """Something that was written on a case which goes on here, or wherever this one went."""
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
