"""Agreements: promises that can be measured, on hours that exist."""

from collections.abc import Collection, Iterator

from case_definition.agreements import AgreementDocument, TargetTerms
from case_definition.checks.names import all_unknown, twice, unknown
from case_definition.checks.settings import ladder_problems, length_problems, own_address
from case_definition.findings import Problem
from case_definition.rules import known_facts, rule_problem
from case_definition.schema import DefinitionDocument
from case_definition.sources import DocPath


def agreement_problems(
    agreement: AgreementDocument, document: DefinitionDocument, customers: Collection[str]
) -> Iterator[Problem]:
    """What is wrong with an agreement under a definition."""
    if agreement.tenant != document.tenant:
        sentence = f"this folder is of `{document.tenant}`; write that, or move the agreement"
        yield Problem(("tenant",), "wrong-tenant", sentence)
    yield from unknown(("customer",), "customer", agreement.customer, customers)
    if agreement.calendar:
        calendars = [*agreement.calendars, *document.calendars]
        yield from unknown(("calendar",), "calendar", agreement.calendar, calendars)
    if agreement.kind == "best_effort" and agreement.targets:
        sentence = "best effort promises no times; remove the targets or write `kind: sla`"
        yield Problem(("targets",), "best-effort", sentence)
    if agreement.kind == "sla" and not agreement.targets:
        sentence = "an SLA promises something; write its `targets` or `kind: best_effort`"
        yield Problem(("targets",), "no-targets", sentence)
    yield from twice(("targets",), [terms.id for terms in agreement.targets])
    for position, terms in enumerate(agreement.targets):
        yield from _target_problems(("targets", position), terms, agreement, document)
    yield from ladder_problems(("ladder",), agreement.ladder)
    for position, level in enumerate(agreement.ladder):
        path = ("ladder", position)
        yield from own_address((*path, "address"), level.address, document)
        yield from unknown((*path, "language"), "language", level.language, document.languages)


def _target_problems(
    path: DocPath, terms: TargetTerms, agreement: AgreementDocument, document: DefinitionDocument
) -> Iterator[Problem]:
    kinds = [kind.name for kind in document.case_types]
    yield from all_unknown((*path, "case_types"), "case type", terms.case_types, kinds)
    for priority in terms.priorities:
        yield from unknown(
            (*path, "priorities", priority), "priority", priority, document.priorities.scale
        )
    if terms.calendar:
        calendars = [*agreement.calendars, *document.calendars]
        yield from unknown((*path, "calendar"), "calendar", terms.calendar, calendars)
    if not terms.elapsed and not (terms.calendar or agreement.calendar):
        sentence = "say on which `calendar` time counts, or write `elapsed: true`"
        yield Problem(path, "no-calendar", sentence)
    if terms.when and (problem := rule_problem(terms.when, known_facts({}))):
        yield Problem((*path, "when"), "rule", problem)
    rising = sorted(set(terms.warnings))
    if list(terms.warnings) != rising or any(not 0 < share < 1 for share in rising):
        sentence = "write rising shares between 0 and 1, as in [0.5, 0.75]"
        yield Problem((*path, "warnings"), "warnings", sentence)
    yield from _lengths_of(path, terms)


def _lengths_of(path: DocPath, terms: TargetTerms) -> Iterator[Problem]:
    lengths = {(*path, "priorities", name): text for name, text in terms.priorities.items()}
    if terms.length is not None:
        lengths[*path, "length"] = terms.length
    if not lengths:
        yield Problem(
            path, "no-length", "say how long: `priorities` with a length each, or `length`"
        )
    for where, text in lengths.items():
        yield from length_problems(where, text, terms.elapsed)
