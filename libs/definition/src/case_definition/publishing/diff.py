"""The differences between two versions of a definition, in words, and the names that a migration
must map."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from case_definition.schema.definition import DefinitionDocument
from case_definition.source.findings import name_of

MAPPED_SECTIONS: tuple[str, ...] = ("case_types", "statuses", "phases", "teams")
"""Sections whose names are in cases: a removed name must become another."""


def describe_changes(old: DefinitionDocument, new: DefinitionDocument) -> list[str]:
    """A sentence for each difference, section by section."""
    before, after = _data(old), _data(new)
    found = []
    for section in type(new).model_fields:
        if section not in ("texts", "version"):
            found += list(_changed(section, before.get(section), after.get(section)))
    return found + list(_texts(old, new))


def removed_names(old: DefinitionDocument, new: DefinitionDocument) -> dict[str, list[str]]:
    """Names that cases of the old version may have and the new version does not, by section."""
    found = {
        section: [name for name in _names(old, section) if name not in _names(new, section)]
        for section in MAPPED_SECTIONS
    }
    found["priorities"] = [p for p in old.priorities.scale if p not in new.priorities.scale]
    return {section: names for section, names in found.items() if names}


def describe_migration(old: DefinitionDocument, new: DefinitionDocument) -> list[str]:
    """The effect of the new version on cases that are open under the old one."""
    said = [f"Open cases stay on version {old.version}; new ones come under version {new.version}."]
    needed = removed_names(old, new)
    if needed:
        named = "; ".join(f"{section}: {', '.join(names)}" for section, names in needed.items())
        said.append(f"To migrate them, map what is gone: {named}.")
    else:
        said.append("They can be migrated without a mapping: nothing that they carry is gone.")
    return said


def _data(document: DefinitionDocument) -> dict[str, Any]:
    return document.model_dump(mode="json", by_alias=True)


def _names(document: DefinitionDocument, section: str) -> list[str]:
    return [part.name for part in getattr(document, section)]


def _changed(path: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if _named(old) is not None and _named(new) is not None:
        yield from _lists(path, _named(old) or {}, _named(new) or {})
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {**old, **new}:
            yield from _member(f"{path}.{key}", key, old, new)
    else:
        yield f"{path}: {_said(old)} becomes {_said(new)}"


def _lists(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in {**old, **new}:
        if name not in old:
            yield f"{path}: `{name}` is new"
        elif name not in new:
            yield f"{path}: `{name}` is gone"
        else:
            yield from _changed(f"{path}[{name}]", old[name], new[name])
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield f"{path}: another order, {', '.join(new)}"


def _member(path: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if key not in old:
        yield f"{path} is new: {_said(new[key])}"
    elif key not in new:
        yield f"{path} is gone"
    else:
        yield from _changed(path, old[key], new[key])


def _named(value: Any) -> dict[str, Any] | None:
    """The entries of a list by their identity; None if the value is no such list."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return {} if value == [] else None
    entries = {name: item for item in value if (name := name_of(item))}
    return entries if len(entries) == len(value) else None


def _texts(old: DefinitionDocument, new: DefinitionDocument) -> Iterator[str]:
    for language in {**old.texts, **new.texts}:
        before, after = old.texts.get(language, {}), new.texts.get(language, {})
        changed = sum(1 for key in before if key in after and before[key] != after[key])
        counts = {
            "new": len(after.keys() - before.keys()),
            "gone": len(before.keys() - after.keys()),
            "changed": changed,
        }
        if any(counts.values()):
            said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
            yield f"texts.{language}: {said}"


def _said(value: Any) -> str:
    if value is None or value in ([], {}, ""):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(_said(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_said(item)}" for key, item in value.items() if item)
    return str(value).lower() if isinstance(value, bool) else str(value)
