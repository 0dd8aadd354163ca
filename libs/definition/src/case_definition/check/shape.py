"""The schema's errors, as sentences that say what to do."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from case_definition.schema.model import models_in
from case_definition.source.findings import DefinitionProblem, meant


def shape_problems(failure: ValidationError, kind: type[BaseModel]) -> Iterator[DefinitionProblem]:
    """One problem for each error of a document of this kind."""
    for error in failure.errors(include_url=False):
        code, sentence = _explained(error, kind)
        # A problem of a key is at the line of the key.
        path = tuple(step for step in error["loc"] if step != "[key]")
        yield DefinitionProblem(path, code, sentence)


def _explained(error: ErrorDetails, kind: type[BaseModel]) -> tuple[str, str]:
    last = error["loc"][-1] if error["loc"] else "document"
    match error["type"]:
        case "missing":
            return "missing-key", f"add `{last}`"
        case "extra_forbidden":
            known = _members(kind, error["loc"][:-1])
            hint = meant(str(last), known) or "remove it or correct its spelling"
            return "unknown-key", f"`{last}` means nothing here; {hint}"
        case _:
            return "value", _refused_value(error)


def _members(kind: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The possible keys at a path."""
    models = [kind]
    for step in path:
        found = [
            inner
            for model in models
            for name, field in model.model_fields.items()
            if step in (name, field.alias)
            for inner in models_in(field.annotation)
        ]
        # A position, or a name of the author's choice, is between a member and its model.
        models = found or models
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _refused_value(error: ErrorDetails) -> str:
    given = error["input"]
    match error["type"]:
        case "literal_error":
            return f"{given!r} is not possible here; write {error['ctx']['expected']}"
        case "string_pattern_mismatch":
            return f"{given!r} has not the right form; write {_form(error)}"
        case "value_error":
            return str(error["ctx"]["error"])
        case "too_short" | "string_too_short":
            return "write at least one"
        case "tuple_type" | "list_type":
            return f"{given!r} is no list; write a list here, as in [one, two]"
        case "string_type" if given is None:
            return "nothing stands here; write a text, in quotes where it has a comma, `: ` or ` #`"
        case "string_type" if isinstance(given, bool):
            word = "true" if given else "false"
            return f"YAML reads {word} as a yes or no, not as a word; write it in quotes"
        case _:
            return f"{given!r} is not possible here: {error['msg']}"


def _form(error: ErrorDetails) -> str:
    pattern = str(error["ctx"]["pattern"])
    if pattern.startswith("^http"):
        return "an address that begins with https://"
    if "@" in pattern:
        return "name@example.org"
    if pattern == "^[a-z]{2}$":
        return "two small letters, such as nl"
    if pattern.startswith("^[a-z][a-z0-9-]"):
        return "small letters, digits and -, beginning with a letter"
    return "letters, digits and _, beginning with a letter"
