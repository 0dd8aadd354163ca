"""Checks the directory: every entry is complete, belongs somewhere, and has a unique address."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

import msgspec

from case_definition.check.names import all_unknown, twice, unknown
from case_definition.check.settings import own_address
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.directory import (
    Agent,
    Article,
    Auditor,
    Contact,
    Customer,
    Days,
    DirectoryRecord,
    DirectoryTeam,
    Entry,
)
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath
from case_definition.vocabulary import AGENT_ROLES, ContactRole

SECTIONS: Mapping[str, type[Customer | Contact | Agent | Auditor]] = {
    "customers": Customer,
    "contacts": Contact,
    "agents": Agent,
    "auditors": Auditor,
}
"""The sections of directory.yaml, each a list."""

FORMS: Mapping[str, str] = {
    "@": "name@example.org",
    "d{4}-": "days as in 2026-03-02",
    "A-Za-z0-9": "letters, digits, _ and -",
    "enum": f"one of {', '.join(get_args(ContactRole))}",
}
"""The required form, by the refusal of an entry."""

DAYS = "days, as in [{first: 2026-03-02, last: 2026-03-06}]"
LISTS: Mapping[str, str] = {"absent": DAYS, "on_call": DAYS}
"""The content of a list that does not contain names."""

_LISTED = re.compile(r"(?:Expected `(?:array|object)`|unknown field).*\$\.(\w+)")

LocatedEntry = tuple[DocPath, Entry]


def read_people(
    data: Mapping[str, Any], tenant: str
) -> tuple[list[LocatedEntry], list[DefinitionProblem]]:
    """The entries of directory.yaml with their paths, and the problems of unreadable ones."""
    entries: list[LocatedEntry] = []
    problems = [found for key in data for found in unknown((key,), "section", key, SECTIONS)]
    for section, kind in SECTIONS.items():
        items = data.get(section, [])
        if not isinstance(items, list):
            problems.append(
                DefinitionProblem((section,), "value", "write a list here, an entry a person")
            )
            continue
        for position, item in enumerate(items):
            path = (section, position)
            try:
                entries.append((path, _entry(item, kind, tenant)))
            except msgspec.ValidationError as failure:
                problems.append(DefinitionProblem(path, "entry", _sentence(failure)))
    return entries, problems


def teams_of(document: DefinitionDocument) -> Iterator[DirectoryTeam]:
    """The directory's records of the teams that a definition declares."""
    for team in document.teams:
        name = document.texts[document.default_language][f"teams.{team.name}.name"]
        yield DirectoryTeam(
            tenant=document.tenant,
            id=team.name,
            name=name,
            line=team.line,
            email=team.address,
            language=team.language,
        )


def people_problems(
    entries: list[LocatedEntry], document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """The problems between entries."""
    customers = [entry.id for _, entry in entries if isinstance(entry, Customer)]
    teams = [team.name for team in document.teams]
    agents = [entry.id for _, entry in entries if isinstance(entry, Agent)]
    roles = [*AGENT_ROLES, *document.roles]
    for section, kind in SECTIONS.items():
        yield from twice((section,), [e.id for _, e in entries if isinstance(e, kind)], "id")
    known: set[str] = set()
    for path, entry in entries:
        if isinstance(entry, Customer) and entry.account_agent:
            where = (*path, "account_agent")
            yield from unknown(where, "agent", entry.account_agent, agents)
        if isinstance(entry, Customer | DirectoryTeam | Article):
            continue
        language = entry.language
        yield from unknown((*path, "language"), "language", language, document.languages)
        yield from own_address((*path, "email"), entry.email, document)
        if isinstance(entry, Agent | Contact):
            yield from _address(path, entry.email, known)
        if isinstance(entry, Agent):
            yield from all_unknown((*path, "teams"), "team", entry.teams, teams)
            yield from _absences(path, entry, agents)
            yield from all_unknown((*path, "roles"), "role", entry.roles, roles)
        if isinstance(entry, Contact):
            yield from unknown((*path, "customer"), "customer", entry.customer, customers)


def _address(path: DocPath, email: str, known: set[str]) -> Iterator[DefinitionProblem]:
    """A problem for an address that another entry has."""
    if email.lower() in known:
        sentence = f"somebody else has {email}; mail from it must mean one person"
        yield DefinitionProblem((*path, "email"), "duplicate-address", sentence)
    known.add(email.lower())


def _absences(path: DocPath, agent: Agent, agents: list[str]) -> Iterator[DefinitionProblem]:
    if agent.stand_in:
        yield from unknown((*path, "stand_in"), "agent", agent.stand_in, agents)
    if agent.stand_in == agent.id:
        sentence = "nobody stands in for themselves; name a colleague"
        yield DefinitionProblem((*path, "stand_in"), "stand-in", sentence)
    yield from _days((*path, "absent"), agent.absent)
    yield from _days((*path, "on_call"), agent.on_call)


def _days(path: DocPath, periods: tuple[Days, ...]) -> Iterator[DefinitionProblem]:
    for position, one in enumerate(periods):
        try:
            backwards = date.fromisoformat(one.first) > date.fromisoformat(one.last)
        except ValueError as failure:
            yield DefinitionProblem(
                (*path, position), "day", f"{failure}; write days as in 2026-03-02"
            )
            continue
        if backwards:
            sentence = "the last day is before the first; swap them"
            yield DefinitionProblem((*path, position), "day", sentence)


def _entry(item: Any, kind: type[DirectoryRecord], tenant: str) -> Any:
    if isinstance(item, dict):
        fields = [name for name in kind.__struct_fields__ if name != "tenant"]
        for key in item.keys() - set(fields):
            raise msgspec.ValidationError(f"`{key}` means nothing here; there is {fields}")
        item = {**item, "tenant": tenant, "kind": kind.__struct_config__.tag}
    return msgspec.convert(item, kind)


def _sentence(failure: msgspec.ValidationError) -> str:
    text = str(failure)
    if "missing required field" in text:
        return f"add {text.split(' - at')[0].rpartition(' ')[2]}"
    for part, what in FORMS.items():
        if part in text:
            return f"{text.rpartition('$.')[2].rstrip('`')} has not the right form; write {what}"
    if found := _LISTED.search(text):
        return f"`{found[1]}` is a list of {LISTS.get(found[1], 'names, as in [one, two]')}"
    return f"this entry cannot be read: {failure}"
