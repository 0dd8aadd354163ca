"""The forms that a person may fill in: case types, their fields, and the help texts."""

from datetime import datetime

from case_definition.lookup.definition import Definition
from case_definition.rules.editing import edit_limit
from case_definition.schema.definition import CaseField, FieldUse
from msgspec import Struct

from case_intake.domain.inbound import Creator
from case_intake.domain.routing_result import (
    Directory,
    channel_mistake,
    creation_mistake,
    variables_of,
)


class Option(Struct, frozen=True):
    """One option of a choice, and its text."""

    name: str
    label: str


class FormField(Struct, frozen=True, kw_only=True):
    """A field of a form. `max_length` is in characters; None for a field that is no text."""

    name: str
    label: str
    help: str
    type: str
    required: bool
    max_length: int | None
    options: tuple[Option, ...]


class Form(Struct, frozen=True, kw_only=True):
    """A case type that may be created, in the language of its reader."""

    name: str
    label: str
    help: str
    fields: tuple[FormField, ...]


def forms(
    definition: Definition,
    creator: Creator,
    channel: str,
    language: str | None,
    directory: Directory,
    at: datetime,
) -> tuple[Form, ...]:
    """The case types that a person may create by this channel now, in the order of the
    definition."""
    found = []
    for name, kind in definition.case_types.items():
        asked = variables_of(definition, creator, channel, name, directory, at)
        if channel_mistake(definition, creator, channel, asked, at) is not None:
            continue
        if creation_mistake(definition, creator, name, asked, directory) is not None:
            continue
        fields = (
            _field(definition, name, use, language)
            for use in kind.fields
            if edit_limit(definition, use.field, creator.capacity, asked) is None
        )
        form = Form(
            name=name,
            label=definition.name_of("case_types", name, language),
            help=definition.help_for("case_types", name, language),
            fields=tuple(fields),
        )
        found.append(form)
    return tuple(found)


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
