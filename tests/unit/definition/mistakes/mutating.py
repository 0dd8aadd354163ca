"""Changes that nobody thought of: made by chance in any file of a tenant that is sound."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from case_definition.source.yaml import read_source

Place = tuple[Any, Any]
"""A mapping or list, and the key or position in it."""


class Mutant(NamedTuple):
    """A file as it became, and in words what was done to it."""

    file: Path
    text: str
    described: str


def mutant(folder: Path, chance: Random) -> Mutant:
    """One change in one file; all of it follows from the chance."""
    files = [*folder.glob("*.yaml"), *folder.glob("agreements/*.yaml")]
    file = chance.choice(sorted(file for file in files if not file.name.startswith("texts.")))
    data = deepcopy(read_source(file).data)
    change = chance.choice(CHANGES)
    mistake = change(data, chance)
    text = json.dumps(data, indent=1, ensure_ascii=False)
    return Mutant(file, text, f"{file.relative_to(folder)}: {mistake}")


def _places(node: Any) -> Iterator[Place]:
    """Every part of a document, by what holds it."""
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _places(node[key])


def _words(data: Any) -> list[Place]:
    return [(node, key) for node, key in _places(data) if isinstance(node[key], str)]


def _misspell(data: Any, chance: Random) -> str:
    node, key = chance.choice(_words(data))
    before, node[key] = node[key], f"{node[key]}x"
    return f"{before!r} is misspelt"


def _leave_out_key(data: Any, chance: Random) -> str:
    node, key = chance.choice([(n, k) for n, k in _places(data) if isinstance(n, dict)])
    return f"{key}: {node.pop(key)!r} is left out"


def _leave_out_item(data: Any, chance: Random) -> str:
    items = [(node, key) for node, key in _places(data) if isinstance(node, list)]
    if not items:
        return _leave_out_key(data, chance)
    node, key = chance.choice(items)
    return f"the item {node.pop(key)!r} is left out"


def _swap(data: Any, chance: Random) -> str:
    (one, first), (other, second) = chance.sample(_words(data), 2)
    one[first], other[second] = other[second], one[first]
    return f"{one[first]!r} and {other[second]!r} are swapped"


def _another_name(data: Any, chance: Random) -> str:
    """Another value that stands under the same key, or in a list of the same length of path."""
    node, key = chance.choice(_words(data))
    like = [n[k] for n, k in _words(data) if (k == key) and type(n) is type(node)]
    before, node[key] = node[key], chance.choice(like)
    return f"{before!r} becomes {node[key]!r}"


def _twice(data: Any, chance: Random) -> str:
    items = [(node, key) for node, key in _places(data) if isinstance(node, list)]
    if not items:
        return _misspell(data, chance)
    node, key = chance.choice(items)
    node.insert(key, deepcopy(node[key]))
    return f"the item {node[key]!r} stands there twice"


def _other_kind(data: Any, chance: Random) -> str:
    node, key = chance.choice(list(_places(data)))
    before, node[key] = node[key], chance.choice((None, True, 0, -1, "", [], {}, [[]], "no:thing"))
    return f"{before!r} becomes {node[key]!r}"


CHANGES: tuple[Callable[[Any, Random], str], ...] = (
    _misspell,
    _leave_out_key,
    _leave_out_item,
    _swap,
    _another_name,
    _twice,
    _other_kind,
)
