"""Checks the values with which rules compare: names that the definition declares."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import get_args

from case_definition.check.names import unknown
from case_definition.schema.definition import DefinitionDocument
from case_definition.vocabulary import AGENT_ROLES, Capacity, ContactRole

_MEMBER = r"\b([a-z]+(?:\.\w+){1,2})"
_TEXT = r"(?:'([^']*)'|\"([^\"]*)\")"
_EQUALS = re.compile(rf"{_MEMBER}\s*[!=]=\s*{_TEXT}")
_EQUALLED = re.compile(rf"{_TEXT}\s*[!=]=\s*{_MEMBER}")
_LISTED = re.compile(rf"{_MEMBER}\s+in\s*\[([^\]]*)\]")

_HELD = re.compile(rf"{_TEXT}\s+in\s+{_MEMBER}")


def comparison_problem(rule: str, document: DefinitionDocument) -> str | None:
    """The first undeclared name with which a rule compares, as a sentence."""
    known = _known(document)
    for member, text in _comparisons(rule):
        if not text or member not in known or ":" in text:
            continue
        word, names = known[member]
        for problem in unknown((), word, text, names):
            return f"`{member}` is never that: {problem.sentence}"
    return None


def _comparisons(rule: str) -> Iterator[tuple[str, str]]:
    for member, text, other in _EQUALS.findall(rule):
        yield member, text or other
    for text, other, member in _EQUALLED.findall(rule):
        yield member, text or other
    for text, other, member in _HELD.findall(rule):
        yield member, text or other
    for member, items in _LISTED.findall(rule):
        for text, other in re.findall(_TEXT, items):
            yield member, text or other


def _known(document: DefinitionDocument) -> Mapping[str, tuple[str, Collection[str]]]:
    """The possible values of each variable with named values, and the word for such a name."""
    statuses = ("status", [status.name for status in document.statuses])
    phases = ("phase", [phase.name for phase in document.phases])
    tags = ("tag", [tag.name for tag in document.tags])
    known: dict[str, tuple[str, Collection[str]]] = {
        "case.type": ("case type", [kind.name for kind in document.case_types]),
        "case.priority": ("priority", document.priorities.scale),
        "case.status": statuses,
        "event.from_status": statuses,
        "event.to_status": statuses,
        "case.team": ("team", [team.name for team in document.teams]),
        "case.channel": ("channel", [channel.name for channel in document.channels]),
        "case.phase": phases,
        "event.phase": phases,
        "case.tags": tags,
        "event.tag": tags,
        "event.transition": ("transition", [step.name for step in document.transitions]),
        "event.decision": ("decision", [one.name for one in document.decisions]),
        "event.outcome": ("outcome", ("yes", "no")),
        "event.timer": ("timer", [timer.name for timer in document.timers]),
        "event.metric": ("metric", document.metric_names),
        "actor.capacity": ("capacity", get_args(Capacity)),
        "actor.roles": ("role", [*AGENT_ROLES, *document.roles, *get_args(ContactRole)]),
        "contact.role": ("role", get_args(ContactRole)),
        "agreement.kind": ("kind", ("sla", "best_effort")),
    }
    for field in document.fields:
        if field.type == "choice":
            known[f"case.fields.{field.name}"] = ("option", field.options)
    return known
