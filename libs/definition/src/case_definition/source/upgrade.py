"""Upgrades a folder of version 0.1 to the current words.

Only words are replaced, in place; comments, order and layout stay. Current words stay too, so an
upgrade can be repeated.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from case_events.contracts import every_contract
from case_events.contracts.earlier import label_of_class

from case_definition.source.folder import agreement_files
from case_definition.source.scalars import Scalar, scalars_of
from case_definition.source.yaml import DocPath, text_of

_LITERAL = re.compile(r"(?P<quote>\\?['\"])(?P<name>[A-Z]\w+)(?P=quote)")
_ASKS_FOR_AN_EVENT = re.compile(r"\bevent\s*\.\s*(?:type|reason)\b")
_RULES = ("when", "editable_when", "number")
_LABELS = frozenset(one.label for one in every_contract())


@dataclass(frozen=True, slots=True)
class Replacement:
    """A replaced word: its place, its old and its new text."""

    file: Path
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.before} -> {self.after}"


def upgrade(folder: Path) -> list[Replacement]:
    """Rewrite a tenant's folder in the current words. Returns the replacements.

    Every file is read before the first is written. Raises `Unreadable` for a file that is no YAML;
    in that case nothing has been written.
    """
    agreements = list(agreement_files(folder))
    found = [
        (file, *_upgraded(file, words))
        for files, words in (
            (sorted(folder.glob("*.yaml")), _in_definition),
            (agreements, _in_agreement),
        )
        for file in files
        if file.name != "directory.yaml"
    ]
    for file, text, replaced in found:
        if replaced:
            file.write_text(text, encoding="utf-8", newline="")
    return [one for _, _, replaced in found for one in replaced]


Words = Callable[[DocPath, Scalar], str]
"""The current form of a scalar at a path, in the same notation."""


def _upgraded(file: Path, words: Words) -> tuple[str, list[Replacement]]:
    """The text of a file in the current words, and the replacements."""
    if file.name.startswith("texts."):
        words = _in_texts
    text, done, replaced = _text(file), 0, list[Replacement]()
    parts: list[str] = []
    for path, scalar in scalars_of(text, file):
        before, after = scalar.source, words(path, scalar)
        if after == before:
            continue
        parts += [text[done : scalar.start], after]
        done = scalar.end
        replaced += [
            Replacement(file, scalar.line, was, now) for was, now in _changed(before, after)
        ]
    return "".join([*parts, text[done:]]), replaced


def _text(file: Path) -> str:
    """The text of a file with its line ends unchanged. Raises Unreadable."""
    text_of(file)
    with file.open(encoding="utf-8", newline="") as opened:
        return opened.read()


def _changed(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The words that differ, each with its replacement."""
    was, now = re.findall(r"\w+", before), re.findall(r"\w+", after)
    return ((old, new) for old, new in zip(was, now, strict=True) if old != new)


def _in_definition(path: DocPath, scalar: Scalar) -> str:
    match path:
        case ("ladder",) if scalar.is_key:
            return scalar.written("escalation")
        case ("channels", int(), "strangers") | ("access", "request_by_mail", "strangers"):
            return _unregistered(scalar)
        case ("case_types", int(), "pointer") if scalar.is_key:
            return scalar.written("redirect")
        case ("notices", int(), "on") if not scalar.is_key:
            return scalar.written(_label(scalar.value))
        case (*_, name) if name in _RULES and not scalar.is_key:
            return _rule(scalar.source)
        case _:
            return scalar.source


def _in_agreement(path: DocPath, scalar: Scalar) -> str:
    match path:
        case ("ladder",) if scalar.is_key:
            return scalar.written("escalation")
        case (*_, name) if name in _RULES and not scalar.is_key:
            return _rule(scalar.source)
        case _:
            return scalar.source


def _in_texts(path: DocPath, scalar: Scalar) -> str:
    first, dot, rest = scalar.value.partition(".")
    if len(path) == 1 and scalar.is_key and first == "pointers":
        return scalar.written(f"redirects{dot}{rest}")
    return scalar.source


def _unregistered(scalar: Scalar) -> str:
    if scalar.is_key:
        return scalar.written("unregistered_contacts")
    return scalar.written({"taken": "accepted"}.get(scalar.value, scalar.value))


def _rule(source: str) -> str:
    """A rule with the label of each event that it names."""
    if not _ASKS_FOR_AN_EVENT.search(source):
        return source
    return _LITERAL.sub(lambda m: m["quote"] + _label(m["name"]) + m["quote"], source)


def _label(name: str) -> str:
    """The label of an event that is named by its class; any other name unchanged."""
    label = label_of_class(name)
    return label if label in _LABELS else name
