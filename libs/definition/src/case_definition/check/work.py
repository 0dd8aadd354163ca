"""Checks approvals and work: possible amounts, existing hours and fields."""

from collections.abc import Iterator

from case_definition.check.names import all_unknown, twice, unknown
from case_definition.schema.amounts import WORKING_DAY, minutes_of
from case_definition.schema.approvals import Approval
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.model import LengthText
from case_definition.schema.work import WorkTerms
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath


def work_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of approvals, accepted fields and booked work."""
    yield from _accepted(document)
    for position, approval in enumerate(document.approvals):
        yield from _approval(("approvals", position), approval, document)
    if document.work is not None:
        yield from _terms(document.work, document)


def _accepted(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    yes_or_no = _yes_or_no(document)
    for position, kind in enumerate(document.case_types):
        for at, use in enumerate(kind.fields):
            if use.accept and use.field not in yes_or_no:
                sentence = f"only a yes or no is accepted; make `{use.field}` `type: boolean`"
                yield DefinitionProblem(
                    ("case_types", position, "fields", at, "accept"), "accept", sentence
                )


def _approval(
    path: DocPath, approval: Approval, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    kinds = [kind.name for kind in document.case_types]
    yield from all_unknown((*path, "case_types"), "case type", approval.case_types, kinds)
    day = _working_day(document)
    if approval.asks is not None:
        yield from _amount((*path, "asks"), approval.asks, day, approval.unit == "working_days")
    if approval.at_submission is None:
        return
    where = (*path, "at_submission")
    amount, field = approval.at_submission.amount, approval.at_submission.accepts
    yield from _amount((*where, "amount"), amount, day, approval.unit == "working_days")
    if field not in _yes_or_no(document):
        sentence = f"`{field}` is no yes or no among `fields`; declare it, `type: boolean`"
        yield DefinitionProblem((*where, "accepts"), "accept", sentence)
        return
    for kind in document.case_types:
        if approval.is_for(kind.name) and field not in kind.field_names:
            sentence = f"`{kind.name}` does not ask for `{field}`; add it to its fields"
            yield DefinitionProblem((*where, "accepts"), "accept", sentence)


def _terms(terms: WorkTerms, document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    kinds, day = [kind.name for kind in document.case_types], _working_day(document)
    yield from all_unknown(("work", "case_types"), "case type", terms.case_types, kinds)
    yield from _amount(("work", "working_day"), terms.working_day, day)
    for section in ("kinds", "billing", "allowances"):
        yield from twice(("work", section), [one.name for one in getattr(terms, section)])
    for position, kind in enumerate(terms.kinds):
        path = ("work", "kinds", position, "case_types")
        yield from all_unknown(path, "case type", kind.case_types, kinds)
    for position, surcharge in enumerate(terms.surcharges):
        where = ("work", "surcharges", position, "outside")
        yield from unknown(where, "calendar", surcharge.outside, list(document.calendars))
    for position, allowance in enumerate(terms.allowances):
        path = ("work", "allowances", position, "case_types")
        yield from all_unknown(path, "case type", allowance.case_types, kinds)
        yield from _amount(("work", "allowances", position, "amount"), allowance.amount, day)
    *first, last = terms.billing
    if last.when is not None:
        sentence = "end with a rule without `when`, for all that no rule takes"
        yield DefinitionProblem(("work", "billing", len(first)), "billing", sentence)
    for position, rule in enumerate(first):
        if rule.when is None:
            sentence = "what follows is never reached; move this to the end or give it a `when`"
            yield DefinitionProblem(("work", "billing", position), "billing", sentence)


def _amount(
    path: DocPath, amount: LengthText, working_day: int, whole_days: bool = False
) -> Iterator[DefinitionProblem]:
    try:
        minutes = minutes_of(amount, working_day)
    except ValueError as failure:
        yield DefinitionProblem(path, "amount", f"{amount!r} cannot be: {failure}")
        return
    if whole_days and minutes % working_day:
        yield DefinitionProblem(
            path, "amount", f"{amount!r} is no number of whole working days; write one"
        )


def _working_day(document: DefinitionDocument) -> int:
    if document.work is None:
        return WORKING_DAY
    try:
        return minutes_of(document.work.working_day, WORKING_DAY)
    except ValueError:
        return WORKING_DAY


def _yes_or_no(document: DefinitionDocument) -> set[str]:
    return {field.name for field in document.fields if field.type == "boolean"}
