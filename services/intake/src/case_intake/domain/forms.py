"""The forms that somebody may fill in: types of case, their fields, and the help beside them."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from case_definition.lookup import Definition
from case_definition.pointing import People
from case_definition.schema import CaseField, FieldUse
from msgspec import Struct

from case_intake.domain.arrival import Creator
from case_intake.domain.placement import channel_mistake, creation_mistake


class Option(Struct, frozen=True):
    """One answer of a choice, and what people read for it."""

    name: str
    label: str


class FormField(Struct, frozen=True, kw_only=True):
    """Something to fill in. `max_length` is in characters, None where it is no text."""

    name: str
    label: str
    help: str
    type: str
    required: bool
    max_length: int | None
    options: tuple[Option, ...]


class Form(Struct, frozen=True, kw_only=True):
    """A type of case that may be created, in the language of who reads it."""

    name: str
    label: str
    help: str
    fields: tuple[FormField, ...]


def forms(
    definition: Definition,
    creator: Creator,
    channel: str,
    language: str | None,
    people: People,
    at: datetime,
) -> tuple[Form, ...]:
    """The types of case that somebody may create by this way in now, in the order written."""
    return tuple(
        Form(
            name=name,
            label=definition.name_of("case_types", name, language),
            help=definition.help_for("case_types", name, language),
            fields=tuple(
                _field(definition, name, use, language)
                for use in kind.fields
                if creator.capacity in definition.fields[use.field].editable_by
            ),
        )
        for name, kind in definition.case_types.items()
        if channel_mistake(definition, creator, channel, name, at) is None
        and creation_mistake(definition, creator, channel, name, people) is None
    )


def _field(
    definition: Definition, case_type: str, use: FieldUse, language: str | None
) -> FormField:
    field = definition.fields[use.field]
    return FormField(
        name=field.name,
        label=definition.name_of("fields", field.name, language),
        help=definition.field_help(case_type, field.name, language),
        type=field.type,
        required=use.required or use.accept,
        max_length=field.max_length if field.type == "text" else None,
        options=_options(definition, field, language),
    )


def _options(definition: Definition, field: CaseField, language: str | None) -> tuple[Option, ...]:
    return tuple(
        Option(name, definition.text(f"fields.{field.name}.options.{name}", language))
        for name in field.options
    )


def typed(definition: Definition, values: Mapping[str, Any]) -> dict[str, Any]:
    """Texts of a form as the values that its fields have; what does not fit stays a text."""
    return {name: _typed(definition.fields.get(name), value) for name, value in values.items()}


def _typed(field: CaseField | None, value: Any) -> Any:
    if field is None:
        return value
    if field.type == "boolean":
        return {"true": True, "on": True, "false": False, "": False}.get(value, value)
    if field.type == "number":
        try:
            number = float(value)
        except ValueError:
            return value
        return number if isfinite(number) else value
    return value
