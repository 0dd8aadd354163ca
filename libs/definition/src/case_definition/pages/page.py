"""The language of process definitions as a page, made from the schema itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

import msgspec
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from case_definition.schema import fair_use
from case_definition.schema.access import NOT_ALLOWED, NOT_ALLOWED_PLACES, SECRET, TEMPLATES
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.directory import Agent, Auditor, Contact, Customer, Days
from case_definition.schema.model import models_in
from case_definition.schema.rule_places import REFUSED
from case_definition.vocabulary import (
    MESSAGE_PLACEHOLDERS,
    METRICS,
    PLACEHOLDERS,
    RULE_VARIABLES,
    SIGNALS,
    TRIGGERS,
)

_INTRODUCTION = """\
# The language of process definitions

Made from the schema by `casefold definition page`; do not edit it here.
[Writing a process](writing-a-process.md) shows how to begin. A *name* is letters, digits and `_`;
a *rule* is a condition in CEL; a *length* is seconds, ISO 8601 as in `PT4H` or `P6W`, or
`2 working days`. What has no default has to be written.
"""


_WHERE_ASKED = """\
`case.fields.<name>` is a field; `now` an instant. Each has its value wherever a rule may ask it,
and means the same there; what a case has not got yet is empty. Some rules may not ask everything:
"""


def definition_page() -> str:
    """The page, in Markdown."""
    parts = [_INTRODUCTION]
    for title, model in (("A definition", DefinitionDocument), ("An agreement", AgreementDocument)):
        seen: dict[type[BaseModel], None] = {model: None}
        parts.append(f"## {title}\n")
        for one in seen | dict.fromkeys(_within(model, seen)):
            parts.append(_model(one, first=one is model))
    parts.append("## The directory\n\n`directory.yaml` has these lists of people.\n")
    parts += [_entry(kind) for kind in (Customer, Contact, Agent, Days, Auditor)]
    return "\n".join([*parts, *_words()])


def _within(model: type[BaseModel], seen: dict[type[BaseModel], None]) -> Iterator[type[BaseModel]]:
    for field in model.model_fields.values():
        for part in models_in(field.annotation):
            if part not in seen:
                seen[part] = None
                yield part
                yield from _within(part, seen)


def _model(model: type[BaseModel], *, first: bool) -> str:
    heading = "" if first else f"### {model.__name__}\n\n"
    rows = [_row(name, field) for name, field in model.model_fields.items()]
    table = "\n".join(["| member | what it takes | default | meaning |",
                       "| --- | --- | --- | --- |", *rows])  # fmt: skip
    return f"{heading}{_line(model.__doc__)}\n\n{table}\n"


def _row(name: str, field: FieldInfo) -> str:
    shown = field.alias or name
    default = "" if field.is_required() else f"`{_default(field)}`"
    return f"| `{shown}` | {_type(field.annotation)} | {default} | {_line(field.description)} |"


def _default(field: FieldInfo) -> str:
    return _value(field.get_default(call_default_factory=True))


def _value(value: Any) -> str:
    if value is PydanticUndefined or value is None or value in ((), {}, ""):
        return "nothing"
    if isinstance(value, BaseModel):
        return "its own defaults"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel | msgspec.Struct):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    known = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if annotation in known:
        return known[annotation]
    arguments = [one for one in get_args(annotation) if one not in (type(None), Ellipsis)]
    origin = str(getattr(annotation, "__origin__", annotation))
    if "Literal" in origin:
        return ", ".join(f"`{one}`" for one in arguments)
    if "tuple" in origin:
        return f"list of {_type(arguments[0])}"
    if "dict" in origin:
        return f"{_type(arguments[0])} to {_type(arguments[1])}"
    if "Annotated" in origin:
        return _type(arguments[0])
    inner = list(dict.fromkeys(_type(one) for one in arguments if not _is_note(one)))
    return " or ".join(inner) or "anything"


def _is_note(argument: Any) -> bool:
    return not (isinstance(argument, type) or get_args(argument) or hasattr(argument, "__origin__"))


def _line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip().replace("|", "\\|")


def _entry(kind: type[msgspec.Struct]) -> str:
    fields = msgspec.structs.fields(kind)
    rows = [
        f"| `{one.name}` | {_type(one.type)} | {'' if one.required else _said(one)} |"
        for one in fields
        if one.name != "tenant"
    ]
    head = ["| member | what it takes | default |", "| --- | --- | --- |"]
    return f"### {kind.__name__}\n\n{_line(kind.__doc__)}\n\n" + "\n".join([*head, *rows]) + "\n"


def _said(field: msgspec.structs.FieldInfo) -> str:
    return f"`{_value(field.default)}`"


def _words() -> Iterator[str]:
    """The words that code stands behind."""
    yield "## What can set something off\n"
    yield "After `on`; alone, or about one name of the section: `timer:remind`.\n"
    yield _table(("trigger", "about"), TRIGGERS)
    yield "## What begins and ends a metric or timer\n"
    yield ", ".join(f"`{one}`" for one in SIGNALS) + ", `status:<name>`, `left:<name>`,"
    yield "`type:<name>`, and every trigger. Known metrics: " + ", ".join(METRICS) + ".\n"
    yield "## What a rule may ask\n"
    variables = {
        name: ", ".join(f"`{name}.{one}`" for one in members)
        for name, members in RULE_VARIABLES.items()
    }
    yield _table(("of", "members"), variables)
    yield _WHERE_ASKED
    yield _table(("the rules of", "may not ask"), {one: _not_asked(one) for one in REFUSED})
    yield "## What a template may name\n"
    yield "By the event that a notice is `on`; in braces, as in `{reference}`. Beside these"
    yield "`{fields.<name>}`, of fields that whoever gets it may see and no mail fills in.\n"
    told = {
        event: ", ".join(f"`{one}`" for one in sorted(names))
        for event, names in PLACEHOLDERS.items()
    }
    yield _table(("event", "places"), told)
    yield "Mail without a case, under `messages` in the texts. What is bold has to be in its body,"
    yield "and is in no subject.\n"
    yield _table(("mail", "written with", "places"), dict(_mails()))


def _not_asked(place: str) -> str:
    """What the rules of a place may not ask, by the reason why."""
    members: dict[str, list[str]] = {}
    for member, reason in REFUSED[place].items():
        members.setdefault(reason, []).append(f"`{member}`")
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in members.items())


def _mails() -> Iterator[tuple[str, str]]:
    """Mails without a case: with which section each is written, and what it may name."""
    known = [("", MESSAGE_PLACEHOLDERS), *TEMPLATES.items()]
    known += [("case_types.redirect", {NOT_ALLOWED: NOT_ALLOWED_PLACES}),
              ("fair_use", {fair_use.MESSAGE: fair_use.PLACES})]  # fmt: skip
    for section, mails in known:
        for name, places in mails.items():
            told = (f"**`{one}`**" if one in SECRET else f"`{one}`" for one in sorted(places))
            yield name, f"{f'`{section}`' if section else 'always'} | {', '.join(told)}"


def _table(heads: Sequence[str], rows: Mapping[str, str]) -> str:
    lines = [f"| {' | '.join(heads)} |", "| --- " * len(heads) + "|"]
    return "\n".join([*lines, *(f"| `{name}` | {about} |" for name, about in rows.items())]) + "\n"
