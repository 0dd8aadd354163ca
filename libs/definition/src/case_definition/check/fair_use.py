"""Checks fair use: existing case types, teams and names."""

from collections.abc import Iterator

from case_definition.check.names import all_unknown, twice, unknown
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.definition import DefinitionDocument
from case_definition.source.findings import DefinitionProblem


def fair_use_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of the section `fair_use`."""
    yield from twice(("fair_use",), [terms.name for terms in document.fair_use])
    kinds = [kind.name for kind in document.case_types]
    teams = [team.name for team in document.teams]
    for position, terms in enumerate(document.fair_use):
        path = ("fair_use", position)
        yield from all_unknown((*path, "case_types"), "case type", terms.case_types, kinds)
        yield from unknown((*path, "team"), "team", terms.team, teams)


def allowance_problems(
    agreement: AgreementDocument, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """The allowances of an agreement for things that the definition does not count."""
    known = [terms.name for terms in document.fair_use]
    for name in agreement.fair_use:
        yield from unknown(("fair_use", name), "fair use", name, known)
