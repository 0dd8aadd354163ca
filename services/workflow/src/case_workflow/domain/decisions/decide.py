"""Deciding on decisions: asking for a yes or no, and giving it."""

from case_definition.lookup.definition import Definition
from case_definition.rules.variables import event_variables
from case_definition.schema.decisions import Decision as Terms
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded
from case_events.contracts.decisions import (
    AskDecision,
    DecideCase,
    DecisionMade,
    DecisionRequested,
)
from case_events.contracts.parts import WrittenContent

from case_workflow.domain.case import Case
from case_workflow.domain.releases.decide import planned_for
from case_workflow.domain.verdict import (
    UNCHANGED,
    Refusal,
    Requester,
    Verdict,
    named,
    not_allowed,
    variables,
)


def ask_decision(
    case: Case, command: AskDecision, requester: Requester, definition: Definition
) -> Verdict:
    """Ask for a decision: in a status that waits for it, or that a step leaves for one."""
    terms = definition.decisions.get(command.decision)
    if terms is None:
        return _unknown(command.decision)
    if waits(case, terms):
        return UNCHANGED
    request = DecisionRequested(terms.name, terms.role, command.personal)
    if case.status not in terms.statuses:
        on = (f"decision_asked:{terms.name}", "decision_asked")
        known = variables(
            case, requester, definition, **event_variables(request, requester.parties)
        )
        step = definition.automatic(case.status, case.case_type, on, known)
        if step is None or step.to not in terms.statuses:
            status = named("statuses", case.status, requester, definition)
            title = named("decisions", terms.name, requester, definition)
            reason = f"A case in {status} does not wait for the decision {title}."
            return not_allowed("statuses", reason, "status")
    return [request]


def decide_case(
    case: Case, command: DecideCase, requester: Requester, definition: Definition
) -> Verdict:
    """Give a decision and its reason; with a yes, perhaps a release."""
    terms = definition.decisions.get(command.decision)
    if terms is None:
        return _unknown(command.decision)
    if not waits(case, terms):
        title = named("decisions", terms.name, requester, definition)
        return not_allowed("waits", f"This case does not wait for {title}.", "decision")
    if terms.role not in requester.roles:
        role = named("roles", terms.role, requester, definition)
        reason = f"Only somebody with the role {role} decides this."
        return not_allowed("role", reason, "decision")
    text = command.personal
    if not text.text.strip():
        return Refusal("invalid", "text", "required", "Say why, for your colleagues to read.")
    if terms.answered and not text.answer.strip():
        return Refusal("invalid", "answer", "required", "Write what the contact gets to read.")
    plan = _plan(case, command, requester, terms, definition)
    if isinstance(plan, Refusal):
        return plan
    answer_events: list[Event] = []
    if text.answer.strip():
        given_with, answer = f"decision:{terms.name}", WrittenContent(text=text.answer)
        answer_events = [
            CommentAdded(requester.record, "agent", True, transition=given_with, personal=answer)
        ]
    why = WrittenContent(text.text, text.title, text.file_names, text.author)
    made = DecisionMade(terms.name, command.outcome, terms.role, terms.shown, why)
    return [*answer_events, made, *plan]


def waits(case: Case, terms: Terms) -> bool:
    """Whether the case waits for this decision now."""
    return case.decisions.get(terms.name) == "asked" and case.status in terms.statuses


def _plan(
    case: Case, command: DecideCase, requester: Requester, terms: Terms, definition: Definition
) -> list[Event] | Refusal:
    """The release that is planned with a yes."""
    names_one = bool(command.release or command.week)
    if command.outcome == "no" or terms.plans_release == "no":
        if names_one:
            reason = f"With a {command.outcome} to {terms.name} no release is planned."
            return not_allowed("plans_release", reason, "release")
        return []
    if not names_one:
        if terms.plans_release == "may":
            return []
        return Refusal("invalid", "release", "required", "Say in which release, or which week.")
    return planned_for(case, command.release, command.week, requester, definition)


def _unknown(decision: str) -> Refusal:
    return Refusal("unknown", "decision", "known", f"There is no decision {decision!r}.")
