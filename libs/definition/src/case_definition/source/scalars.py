"""The keys and values of a YAML file as its author wrote them, with their places."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from case_definition.source.yaml import DocPath, parsed


@dataclass(frozen=True, slots=True)
class Scalar:
    """A key or value, and its notation.

    `source` is the text from `start` to `end`, in characters, with its quotes; `line` counts from
    1.
    """

    value: str
    source: str
    start: int
    end: int
    line: int
    is_key: bool

    def written(self, value: str) -> str:
        """Another word in the notation of this one, with the same quotes."""
        return self.source.replace(self.value, value)


def scalars_of(text: str, file: Path) -> Iterator[tuple[DocPath, Scalar]]:
    """Every key and value in the text of a file, in order, each with its path.

    The path of a key ends with the key itself, like the path of its value. Raises Unreadable.
    """
    parsed(text, file)
    events: Iterator[Event] = iter(YAML(typ="rt", pure=True).parse(text))
    for event in events:
        if isinstance(event, MappingStartEvent):
            yield from _in_mapping(events, (), text)


def _in_mapping(
    events: Iterator[Event], path: DocPath, text: str
) -> Iterator[tuple[DocPath, Scalar]]:
    for event in events:
        if not isinstance(event, ScalarEvent):  # the end: keys are nothing but scalars
            return
        key = _scalar(event, text, is_key=True)
        yield (*path, key.value), key
        yield from _node(next(events), events, (*path, key.value), text)


def _in_sequence(
    events: Iterator[Event], path: DocPath, text: str
) -> Iterator[tuple[DocPath, Scalar]]:
    for position, event in enumerate(events):
        if isinstance(event, CollectionEndEvent):
            return
        yield from _node(event, events, (*path, position), text)


def _node(
    event: Event, events: Iterator[Event], path: DocPath, text: str
) -> Iterator[tuple[DocPath, Scalar]]:
    if isinstance(event, MappingStartEvent):
        yield from _in_mapping(events, path, text)
    elif isinstance(event, SequenceStartEvent):
        yield from _in_sequence(events, path, text)
    else:
        yield path, _scalar(event, text, is_key=False)


def _scalar(event: Any, text: str, *, is_key: bool) -> Scalar:
    start, end = event.start_mark.index, event.end_mark.index
    line = event.start_mark.line + 1
    return Scalar(str(event.value), text[start:end], start, end, line, is_key)
