"""Deciding on ratings."""

from case_definition.lookup.definition import Definition
from case_events.contracts.ratings import CaseRated, RateCase

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import UNCHANGED, Refusal, Requester, Verdict, not_allowed


def rate(case: Case, command: RateCase, requester: Requester, definition: Definition) -> Verdict:
    """Rate a case with stars and perhaps a text. The last rating counts; the history has all."""
    terms = definition.document.ratings
    if terms is None:
        return not_allowed("ratings", "This desk asks for no ratings.", "stars")
    if requester.capacity != "contact":
        return not_allowed("by", "Only contacts rate.", field="command")
    if case.status not in terms.statuses:
        return not_allowed("statuses", f"A {case.status} case is not rated.", "status")
    if not terms.lowest <= command.stars <= terms.highest:
        reason = f"Give {terms.lowest} to {terms.highest} stars."
        return Refusal("invalid", "stars", "scale", reason)
    before = case.rating.stars
    if command.stars == before and not command.personal.text.strip():
        return UNCHANGED
    return [CaseRated(command.stars, before, command.personal)]
