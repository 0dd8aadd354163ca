"""Checks the values of a case against the fields of its type."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from case_definition.schema.definition import CaseField

_SENTENCES: Mapping[str, str] = {
    "required": "{field} has to be filled in.",
    "accepted": "{field} has to be accepted: without it the case is not taken in.",
    "unknown": "{field} is no field of this type of case.",
    "type": "{field} has to be {limit}.",
    "max_length": "{field} is longer than {limit} characters.",
    "options": "{field} has to be one of: {limit}.",
    "agent": "{field} has to name an active agent of this desk.",
}
_EXPECTED: Mapping[str, str] = {
    "text": "a text",
    "choice": "a text, one of its options",
    "number": "a number, as in 12.5",
    "date": "a day, as in 2026-12-08",
    "boolean": "true or false",
    "files": "a list of names of files",
    "agent": "a text, the id of an agent",
}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why the value of a field is not accepted."""

    field: str
    rule: str
    """`required`, `accepted`, `unknown`, `type`, `max_length`, `options` or `agent`."""
    limit: str = ""
    """The demand of the rule: the length, the options, the type."""

    def sentence(self, field: str) -> str:
        """The problem, for a person who knows the field by this name."""
        limit = _EXPECTED.get(self.limit, self.limit) if self.rule == "type" else self.limit
        return _SENTENCES[self.rule].format(field=field, limit=limit)


def form_problems(
    values: Mapping[str, Any],
    fields: Iterable[CaseField],
    required: Iterable[str],
    accept: Iterable[str] = (),
    agents: Collection[str] = (),
) -> list[FieldProblem]:
    """The problems of `values`, given the allowed and required fields, those that must be accepted,
    and the agents who may be named."""
    known = {field.name: field for field in fields}
    missing = [FieldProblem(name, "required") for name in required if _is_empty(values.get(name))]
    missing += [FieldProblem(name, "accepted") for name in accept if values.get(name) is not True]
    unknown = [FieldProblem(name, "unknown") for name in values if name not in known]
    wrong = [
        problem
        for name, value in values.items()
        if name in known and not _is_empty(value)
        if (problem := _value_problem(known[name], value, agents))
    ]
    return missing + unknown + wrong


def typed_value(field: CaseField, value: Any) -> Any:
    """A text converted to the type of its field; a text that does not fit stays a text."""
    if field.type == "boolean":
        return {"true": True, "on": True, "false": False, "": False}.get(value, value)
    if field.type == "number" and isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return value
        return number if isfinite(number) else value
    if field.type == "files" and isinstance(value, str):
        return [name for name in value.split(", ") if name]
    return value


def names_files(field: CaseField, value: Any, names: Collection[str]) -> bool:
    """Whether a field of `type: files` names only these files."""
    given = typed_value(field, value)
    there = {part for name in names for part in typed_value(field, name)} | set(names)
    return not isinstance(given, list) or all(part in there for part in given)


def empty_value(field: CaseField) -> Any:
    """The value of a field that nobody has filled in."""
    return {"number": 0, "boolean": False, "files": []}.get(field.type, "")


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _value_problem(field: CaseField, value: Any, agents: Collection[str]) -> FieldProblem | None:
    if not _has_type(field, value):
        return FieldProblem(field.name, "type", field.type)
    if field.type == "text" and len(value) > field.max_length:
        return FieldProblem(field.name, "max_length", str(field.max_length))
    if field.type == "choice" and value not in field.options:
        return FieldProblem(field.name, "options", ", ".join(field.options))
    if field.type == "agent" and value not in agents:
        return FieldProblem(field.name, "agent")
    return None


def _has_type(field: CaseField, value: Any) -> bool:
    match field.type:
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "files":
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case "date":
            return isinstance(value, str) and _is_date(value)
        case _:
            return isinstance(value, str)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
