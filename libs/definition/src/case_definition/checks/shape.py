"""The schema's refusals, in sentences that say what to do."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from case_definition.findings import Problem


def shape_problems(failure: ValidationError) -> Iterator[Problem]:
    """One problem for each refusal."""
    for error in failure.errors(include_url=False):
        code, sentence = _explained(error)
        # What is wrong with a key stands where the key does.
        path = tuple(step for step in error["loc"] if step != "[key]")
        yield Problem(path, code, sentence)


def _explained(error: ErrorDetails) -> tuple[str, str]:
    last = error["loc"][-1] if error["loc"] else "document"
    match error["type"]:
        case "missing":
            return "missing-key", f"add `{last}`"
        case "extra_forbidden":
            return "unknown-key", f"`{last}` means nothing here; remove it or correct its spelling"
        case _:
            return "value", _refused_value(error)


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
