"""YAML as plain data, with the line of each part."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, Event, ScalarEvent
from ruamel.yaml.parser import RoundTripParser
from ruamel.yaml.scanner import Scanner

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:$|[Tt ])")

DocPath = tuple[str | int, ...]
"""Keys and positions that lead to a part of a document."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Source:
    """A document with the place of each of its parts."""

    data: dict[str, Any]
    origin: Place
    """The place of parts without a place of their own."""
    places: dict[DocPath, Place] = field(default_factory=dict)

    def place_of(self, path: DocPath) -> Place:
        """The place of a part; for a missing part, the place of its parent."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, self.origin)


class Unreadable(Exception):
    """A file that is no document: its place, the rule, and a sentence for its author."""

    def __init__(self, place: Place, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place
        self.code = code


def read_source(file: Path) -> Source:
    """Read a YAML file whose top level is a mapping. Raises Unreadable."""
    return parsed(text_of(file), file)


def text_of(file: Path) -> str:
    """The text of a file. Raises Unreadable."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as failure:
        sentence = "save this file as UTF-8"
        raise Unreadable(Place(str(file), 1), "yaml", sentence) from failure


def parsed(text: str, file: Path) -> Source:
    """The YAML of a file, from its first line on. Raises Unreadable."""
    top = Place(str(file), 1)
    try:
        tree = _tree(text)
    except _Unclear as failure:
        raise Unreadable(Place(str(file), failure.line), "yaml", str(failure)) from failure
    except DuplicateKeyError as failure:
        sentence = f"{str(failure.problem).splitlines()[0]}; keep one of the two"
        raise Unreadable(_mark(failure, top), "duplicate-key", sentence) from failure
    except MarkedYAMLError as failure:
        sentence = f"this is no YAML: {failure.problem or failure.context}"
        raise Unreadable(_mark(failure, top), "yaml", sentence) from failure
    except YAMLError as failure:
        raise Unreadable(top, "yaml", f"this is no YAML: {failure}") from failure
    if not isinstance(tree, CommentedMap):
        raise Unreadable(top, "yaml", "write names and values here, as in `tenant: example`")
    places: dict[DocPath, Place] = {}
    return Source(_plain(tree, (), places, str(file)), top, places)


def merged(sources: Iterable[Source], origin: Place) -> Source:
    """One document from several files. Raises Unreadable for a key in two of them."""
    data: dict[str, Any] = {}
    places: dict[DocPath, Place] = {}
    for source in sources:
        for key in source.data.keys() & data.keys():
            other = places[(key,)].file
            sentence = f"`{key}` stands in {other} as well; keep one of the two"
            raise Unreadable(source.places[(key,)], "duplicate-key", sentence)
        data |= source.data
        places |= source.places
    return Source(data, origin, places)


@lru_cache(maxsize=128)
def _tree(text: str) -> Any:
    """The nodes of a text, for reading only. Parsing takes tens of milliseconds, and a comparison
    of two versions of a folder reads most files again."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Parser = _ClearParser
    # It passes comments by, which nobody reads here, and takes three quarters of the time.
    yaml.Scanner = Scanner
    return yaml.load(text)


class _Unclear(Exception):
    """YAML with another meaning than its author intends: the line, and what to do."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


class _ClearParser(RoundTripParser):
    """Refuses aliases and impossible dates, in the one pass that reads the file."""

    def get_event(self) -> Event:
        event: Event = super().get_event()
        if isinstance(event, ScalarEvent) and event.implicit[0] and _DATE.match(event.value):
            try:
                date.fromisoformat(event.value[:10])
            except ValueError:
                sentence = f"there is no {event.value}; write a day as in 2026-03-02"
                raise self._unclear(event, sentence) from None
        if isinstance(event, AliasEvent):
            raise self._unclear(event, f"write out what `*{event.anchor}` stands for")
        return event

    def _unclear(self, event: Event, sentence: str) -> _Unclear:
        return _Unclear(event.start_mark.line + 1, sentence)


def _mark(failure: MarkedYAMLError, top: Place) -> Place:
    mark = failure.problem_mark or failure.context_mark
    return Place(top.file, mark.line + 1) if mark else top


def _plain(node: Any, path: DocPath, places: dict[DocPath, Place], file: str) -> Any:
    if isinstance(node, CommentedMap):
        mapping = {}
        for key, value in node.items():
            places[(*path, str(key))] = Place(file, node.lc.key(key)[0] + 1)
            mapping[str(key)] = _plain(value, (*path, str(key)), places, file)
        return mapping
    if isinstance(node, CommentedSeq):
        for position in range(len(node)):
            places[(*path, position)] = Place(file, node.lc.item(position)[0] + 1)
        return [_plain(item, (*path, at), places, file) for at, item in enumerate(node)]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    if node is None or isinstance(node, bool):
        return node
    if isinstance(node, date):
        return node.isoformat()
    for plain in (int, float, str):
        if isinstance(node, plain):
            return plain(node)
    raise TypeError(f"YAML gave a {type(node).__name__}")
