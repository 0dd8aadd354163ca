"""Compatible changes of a contract's schema: a landed contract may only gain optional fields.

Then a new reader understands every old record, and an old reader every new one. Any other change
needs a new version of the contract, and an upcaster.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]

_WORDS = {"$defs", "$schema", "title", "description", "examples", "default"}
_PARTS = {"properties", "required", "enum", "items", "prefixItems", "additionalProperties", "anyOf"}
_ABSENT = object()


def breaks(before: Schema, after: Schema) -> list[str]:
    """Return what makes `after` incompatible with `before`, a sentence each; [] if nothing does.

    Both are JSON Schemas of one contract, with their `$defs`. Descriptions and the names of
    definitions do not matter. Values may be added to an enum, and none removed.
    """
    return list(_breaks(_Place("data", before, after), before, after))


class _Place(NamedTuple):
    """The path of the present part, and the two documents."""

    name: str
    before: Schema
    after: Schema

    def at(self, name: str) -> "_Place":
        return self._replace(name=f"{self.name}{name}")


def _breaks(place: _Place, before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, bool) or isinstance(after, bool):
        if before != after:
            yield f"{place.name}: its type changed"
        return
    before, after = _resolved(before, place.before), _resolved(after, place.after)
    if _shape(before) != _shape(after):
        yield f"{place.name}: its type changed from {_shape(before)} to {_shape(after)}"
        return
    for value in before.get("enum", ()):
        if value not in after["enum"]:
            yield f"{place.name}: the value {value!r} was removed"
    yield from _object_breaks(place, before, after)
    yield from _nested_breaks(place, before, after)


def _object_breaks(place: _Place, before: Schema, after: Schema) -> Iterator[str]:
    old, new = before.get("properties", {}), after.get("properties", {})
    were, are = set(before.get("required", ())), set(after.get("required", ()))
    for name, field in old.items():
        if name not in new:
            yield f"{place.name}.{name}: the field was removed"
            continue
        if (name in were) != (name in are):
            now = "required" if name in are else "optional"
            yield f"{place.name}.{name}: the field became {now}"
        elif field.get("default", _ABSENT) != new[name].get("default", _ABSENT):
            yield f"{place.name}.{name}: what leaving it out means was changed"
        yield from _breaks(place.at(f".{name}"), field, new[name])
    for name in new:
        if name not in old and name in are:
            yield f"{place.name}.{name}: a new field must be optional"


def _nested_breaks(place: _Place, before: Schema, after: Schema) -> Iterator[str]:
    for part in ("items", "additionalProperties"):
        if part in before:
            yield from _breaks(place.at("[]"), before[part], after[part])
    for part in ("anyOf", "prefixItems"):
        old, new = before.get(part, ()), after.get(part, ())
        if len(old) != len(new):
            yield f"{place.name}: its type changed"
            continue
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _breaks(place.at(f"({number})"), one, other)


def _resolved(schema: Schema, document: Schema) -> Schema:
    """Return the schema that a reference within its document stands for."""
    while "$ref" in schema:
        schema = document["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


def _shape(schema: Schema) -> Schema:
    """Return what has to stay equal, apart from the parts that are compared by themselves."""
    shape = {name: value for name, value in schema.items() if name not in _WORDS | _PARTS}
    parts = sorted((_PARTS - {"properties", "required"}) & schema.keys())
    return shape | ({"with": parts} if parts else {})
