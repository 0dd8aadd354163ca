"""All checks of a tenant's folder before publishing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from case_definition.check.articles import read_article
from case_definition.check.calendars import calendar_problems
from case_definition.check.channels import channel_problems
from case_definition.check.conditions import condition_problems
from case_definition.check.consequences import consequence_problems
from case_definition.check.decisions import decision_problems
from case_definition.check.fair_use import allowance_problems, fair_use_problems
from case_definition.check.flow import flow_problems
from case_definition.check.knowledge import article_problems, knowledge_problems
from case_definition.check.links import link_problems
from case_definition.check.names import name_problems
from case_definition.check.notices import notice_problems
from case_definition.check.people import people_problems, read_people
from case_definition.check.phases import phase_problems
from case_definition.check.settings import setting_problems
from case_definition.check.shape import shape_problems
from case_definition.check.tags import tag_problems
from case_definition.check.terms import agreement_problems, own_term_problems
from case_definition.check.timers import timer_problems
from case_definition.check.triggers import trigger_problems
from case_definition.check.wording import wording_problems
from case_definition.check.work import work_problems
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.directory import Article, Customer, Entry
from case_definition.schema.model import DefinitionModel
from case_definition.source.findings import DefinitionProblem, Finding, located, unreadable
from case_definition.source.folder import (
    agreement_files,
    article_files,
    definition_source,
    directory_source,
)
from case_definition.source.yaml import Source, Unreadable, read_source

_Document = TypeVar("_Document", bound=DefinitionModel)


@dataclass(slots=True)
class CheckedFolder:
    """The readable content of a folder, and its problems."""

    findings: list[Finding] = field(default_factory=list)
    definition: DefinitionDocument | None = None
    agreements: list[AgreementDocument] = field(default_factory=list)
    directory: list[Entry] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)


def check(folder: Path) -> list[Finding]:
    """All findings of a folder, by file and line; none if it can be published."""
    return sorted(examine(folder).findings)


def examine(folder: Path) -> CheckedFolder:
    """Read a folder and check it. Agreements and directory are checked only with a valid
    definition."""
    found = CheckedFolder()
    try:
        source = definition_source(folder)
        definition = found.definition = _shaped(DefinitionDocument, source, found)
        if definition is None:
            return found
        found.findings += located(_definition_problems(definition), source)
        _examine_directory(directory_source(folder), definition, found)
    except Unreadable as failure:
        found.findings.append(unreadable(failure))
        return found
    for files, examined in (
        (agreement_files(folder), _examine_agreement),
        (article_files(folder), _examine_article),
    ):
        for file in files:
            try:
                examined(file, definition, found)
            except Unreadable as failure:
                found.findings.append(unreadable(failure))
    return found


def _definition_problems(definition: DefinitionDocument) -> Iterator[DefinitionProblem]:
    names = list(name_problems(definition))
    yield from names
    if not names:
        yield from flow_problems(definition)
    yield from channel_problems(definition)
    yield from consequence_problems(definition)
    yield from trigger_problems(definition)
    yield from phase_problems(definition)
    yield from decision_problems(definition)
    yield from link_problems(definition)
    yield from notice_problems(definition)
    yield from setting_problems(definition)
    yield from tag_problems(definition)
    yield from own_term_problems(definition)
    yield from timer_problems(definition)
    yield from work_problems(definition)
    yield from condition_problems(definition)
    yield from calendar_problems(definition.calendars)
    yield from wording_problems(definition)
    yield from knowledge_problems(definition)
    yield from fair_use_problems(definition)


def _examine_directory(
    source: Source, definition: DefinitionDocument, found: CheckedFolder
) -> None:
    entries, problems = read_people(source.data, definition.tenant)
    found.directory = [entry for _, entry in entries]
    found.findings += located([*problems, *people_problems(entries, definition)], source)


def _examine_article(file: Path, definition: DefinitionDocument, found: CheckedFolder) -> None:
    written = read_article(file)
    problems = [*written.problems, *article_problems(written, definition)]
    found.findings += located(problems, written.source)
    if not problems and definition.default_language in written.wordings:
        found.articles.append(written.article(definition))


def _examine_agreement(file: Path, definition: DefinitionDocument, found: CheckedFolder) -> None:
    source = read_source(file)
    agreement = _shaped(AgreementDocument, source, found)
    if agreement is None:
        return
    customers = [entry.id for entry in found.directory if isinstance(entry, Customer)]
    problems = [
        *agreement_problems(agreement, definition, customers),
        *calendar_problems(agreement.calendars),
        *allowance_problems(agreement, definition),
    ]
    for other in found.agreements:
        if other.customer == agreement.customer:
            sentence = f"`{other.id}` is with this customer too; keep one agreement a customer"
            problems.append(DefinitionProblem(("customer",), "second-agreement", sentence))
        if other.id == agreement.id:
            sentence = f"another agreement is called `{other.id}`; give this one its own id"
            problems.append(DefinitionProblem(("id",), "duplicate-name", sentence))
    found.agreements.append(agreement)
    found.findings += located(problems, source)


def _shaped(kind: type[_Document], source: Source, found: CheckedFolder) -> _Document | None:
    try:
        return kind.model_validate(source.data)
    except ValidationError as failure:
        found.findings += located(shape_problems(failure, kind), source)
        return None
