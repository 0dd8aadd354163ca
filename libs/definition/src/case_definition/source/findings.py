"""Findings: a problem in a tenant's files, its place, and the remedy."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

from case_definition.source.yaml import DocPath, Source, Unreadable

_IDENTIFY = ("name", "field", "id", "level", "metric")
"""The members that may identify an entry of a list, in the order of trying."""


class DefinitionProblem(NamedTuple):
    """A problem at a path of a document."""

    path: DocPath
    code: str
    sentence: str


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A problem with its place. Lines count from 1."""

    file: str
    line: int
    path: str
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.sentence}"


def located(problems: Iterable[DefinitionProblem], source: Source) -> Iterator[Finding]:
    """Each problem with its line."""
    for problem in problems:
        place = source.place_of(problem.path)
        shown = shown_path(problem.path, source.data)
        yield Finding(place.file, place.line, shown, problem.code, problem.sentence)


def unreadable(failure: Unreadable) -> Finding:
    """A file that is no document."""
    place = failure.place
    return Finding(place.file, place.line, shown_path((), None), failure.code, str(failure))


def shown_path(path: DocPath, data: Any) -> str:
    """A path for people; parts of a list by their name, if they have one."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
            shown += f"[{name_of(data) or step}]"
        else:
            data = data.get(step) if isinstance(data, dict) else None
            shown += f".{step}" if shown else step
    return shown or "the document"


def meant(name: str, known: Collection[str]) -> str:
    """The nearest of these names, as a question; empty if none is near."""
    near = get_close_matches(name, known, 1)
    return f"did you mean `{near[0]}`?" if near else ""


def name_of(item: Any) -> str | None:
    """The identity of an entry of a list for people; a target without a name is its metric."""
    if not isinstance(item, Mapping):
        return None
    name = next((item[key] for key in _IDENTIFY if item.get(key)), None)
    return str(name) if name else None
