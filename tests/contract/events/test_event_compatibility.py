"""What may change in a landed schema, and what is refused."""

from typing import Any, Literal

import msgspec
import pytest
from case_events.contracts.base import Event
from case_events.tools.compatibility import breaks
from msgspec import Struct


class Part(Struct, frozen=True):
    """A part."""

    size: int
    unit: str = "mm"


class WiderPart(Struct, frozen=True):
    """A part that gained a field, under another name."""

    size: int
    unit: str = "mm"
    colour: str = ""


class OtherPart(Struct, frozen=True):
    """A part whose size is told otherwise."""

    size: str
    unit: str = "mm"


def _schema(**fields: Any) -> dict[str, Any]:
    """The schema of an event with these fields: a type, or a type with its default."""
    declared = [(name, *f) if isinstance(f, tuple) else (name, f) for name, f in fields.items()]
    event = msgspec.defstruct("Made", declared, bases=(Event,), frozen=True, kw_only=True)
    return msgspec.json.schema(event)


BEFORE: dict[str, Any] = {
    "name": str,
    "level": Literal["low", "high"],
    "note": (str, ""),
    "parts": (tuple[Part, ...], ()),
    "values": (dict[str, int], {}),
    "due": int | None,
}


def _without(name: str) -> dict[str, Any]:
    return {field: value for field, value in BEFORE.items() if field != name}


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        BEFORE | {"added": (str, "")},
        dict(reversed(BEFORE.items())),
        BEFORE | {"parts": (tuple[WiderPart, ...], ())},
        BEFORE | {"level": Literal["low", "high", "highest"]},
    ],
    ids=["nothing", "optional field", "order", "optional field within", "enum value added"],
)
def test_optional_fields_may_be_gained(after: dict[str, Any]) -> None:
    assert breaks(_schema(**BEFORE), _schema(**after)) == []


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (_without("note"), ["data.note: the field was removed"]),
        (_without("name"), ["data.name: the field was removed"]),
        (BEFORE | {"added": str}, ["data.added: a new field must be optional"]),
        (BEFORE | {"note": str}, ["data.note: the field became required"]),
        (BEFORE | {"name": (str, "")}, ["data.name: the field became optional"]),
        (BEFORE | {"note": (str, "none")}, ["data.note: what leaving it out means was changed"]),
        (BEFORE | {"level": Literal["low"]}, ["data.level: the value 'high' was removed"]),
        (
            BEFORE | {"name": int},
            ["data.name: its type changed from {'type': 'string'} to {'type': 'integer'}"],
        ),
        (
            BEFORE | {"parts": (tuple[OtherPart, ...], ())},
            ["data.parts[].size: its type changed from {'type': 'integer'} to {'type': 'string'}"],
        ),
        (
            BEFORE | {"values": (dict[str, str], {})},
            ["data.values[]: its type changed from {'type': 'integer'} to {'type': 'string'}"],
        ),
        (BEFORE | {"due": int | str | None}, ["data.due: its type changed"]),
    ],
)
def test_everything_else_is_refused(after: dict[str, Any], why: list[str]) -> None:
    assert breaks(_schema(**BEFORE), _schema(**after)) == why


def test_an_enum_may_not_become_free_text() -> None:
    found = breaks(_schema(level=Literal["low", "high"]), _schema(level=str))
    assert [sentence.partition(": ")[0] for sentence in found] == ["data.level"]


def test_free_form_documents_stay_free() -> None:
    assert breaks(_schema(document=dict[str, Any]), _schema(document=dict[str, Any])) == []
    assert breaks(_schema(document=dict[str, Any]), _schema(document=dict[str, int]))


def test_a_part_that_refuses_unknown_fields_is_refused() -> None:
    """An optional field could then never be gained again."""
    closed = msgspec.defstruct(
        "Made", [("name", str)], bases=(Event,), frozen=True, forbid_unknown_fields=True
    )
    assert breaks(_schema(name=str), msgspec.json.schema(closed))
