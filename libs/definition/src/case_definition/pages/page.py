"""The language of process definitions as a page, generated from the schema."""

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

`casefold definition page` generates this page from the schema; do not edit it here.
[Writing a process](writing-a-process.md) shows how to begin. A *name* consists of letters, digits
and `_`; a *rule* is a condition in CEL; a *length* is seconds, ISO 8601 as in `PT4H` or `P6W`, or
`2 working days`. A member without a default is required.
"""


_WHERE_ASKED = """\
`case.fields.<name>` is a field; `now` is an instant. A variable has its value, with the same
meaning, in every place where a rule may read it. A value that a case does not have yet is empty.
Some rules may not read everything:
"""


_SIGNALS = """\
`customer_reply` is a public comment of a person who is no agent, `agent_reply` a public comment
of an agent. `assessed` is the assessment of the priority by an agent. `assigned` is every
assignment, also by routing. `resolved` is a step into a status of that kind, `reopened` a step
from a resolved or final status into a status of another kind. The first status gives
`status:<name>` too; only a reclassification gives `type:<name>`.

`first_response` runs from `created` to `agent_reply`, `next_response` from `customer_reply` to
`agent_reply`, `assessment` from `created` or `assessment_requested` to `assessed`, and
`resolution` from `created` to `resolved`.
"""


def definition_page() -> str:
    """The page, in Markdown."""
    parts = [_INTRODUCTION]
    for title, model in (("A definition", DefinitionDocument), ("An agreement", AgreementDocument)):
        seen: dict[type[BaseModel], None] = {model: None}
        parts.append(f"## {title}\n")
        for one in seen | dict.fromkeys(_within(model, seen)):
            parts.append(_model(one, first=one is model))
    parts.append("## The directory\n\n`directory.yaml` has lists of these entries.\n")
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
    table = "\n".join(["| member | type | default | meaning |",
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
        f"| `{one.name}` | {_type(one.type)} | {'' if one.required else _default_text(one)} |"
        for one in fields
        if one.name != "tenant"
    ]
    head = ["| member | type | default |", "| --- | --- | --- |"]
    return f"### {kind.__name__}\n\n{_line(kind.__doc__)}\n\n" + "\n".join([*head, *rows]) + "\n"


def _default_text(field: msgspec.structs.FieldInfo) -> str:
    return f"`{_value(field.default)}`"


def _words() -> Iterator[str]:
    """The words that code implements."""
    yield "## Triggers\n"
    yield "The values of `on`: a trigger alone, or with one name of its section: `timer:remind`.\n"
    yield _table(("trigger", "about"), TRIGGERS)
    yield "## Beginnings and ends of metrics and timers\n"
    yield ", ".join(f"`{one}`" for one in SIGNALS) + ", `status:<name>`, `left:<name>`,"
    yield "`type:<name>`, and every trigger. Known metrics: " + ", ".join(METRICS) + ".\n"
    yield _SIGNALS
    yield "## What a rule may read\n"
    variables = {
        name: ", ".join(f"`{name}.{one}`" for one in members)
        for name, members in RULE_VARIABLES.items()
    }
    yield _table(("of", "members"), variables)
    yield _WHERE_ASKED
    yield _table(("the rules of", "may not read"), {one: _not_asked(one) for one in REFUSED})
    yield "## What a template may name\n"
    yield "By the event of a notice (`on`); in braces, as in `{reference}`. In addition to these,"
    yield "`{fields.<name>}` names a field that the recipient may see and that no mail fills in.\n"
    placeholders = {
        event: ", ".join(f"`{one}`" for one in sorted(names))
        for event, names in PLACEHOLDERS.items()
    }
    yield _table(("event", "placeholders"), placeholders)
    yield "Mails without a case, under `messages` in the texts. A bold placeholder must be in the"
    yield "body, and may not be in the subject.\n"
    yield _table(("mail", "needed by", "placeholders"), dict(_mails()))


def _not_asked(place: str) -> str:
    """The variables that the rules of a place may not read, by the reason."""
    members: dict[str, list[str]] = {}
    for member, reason in REFUSED[place].items():
        members.setdefault(reason, []).append(f"`{member}`")
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in members.items())


def _mails() -> Iterator[tuple[str, str]]:
    """Mails without a case: the section that needs each, and its placeholders."""
    known = [("", MESSAGE_PLACEHOLDERS), *TEMPLATES.items()]
    known += [("case_types.redirect", {NOT_ALLOWED: NOT_ALLOWED_PLACES}),
              ("fair_use", {fair_use.MESSAGE: fair_use.PLACES})]  # fmt: skip
    for section, mails in known:
        for name, places in mails.items():
            named = (f"**`{one}`**" if one in SECRET else f"`{one}`" for one in sorted(places))
            yield name, f"{f'`{section}`' if section else 'always'} | {', '.join(named)}"


def _table(headings: Sequence[str], rows: Mapping[str, str]) -> str:
    lines = [f"| {' | '.join(headings)} |", "| --- " * len(headings) + "|"]
    return "\n".join([*lines, *(f"| `{name}` | {about} |" for name, about in rows.items())]) + "\n"
