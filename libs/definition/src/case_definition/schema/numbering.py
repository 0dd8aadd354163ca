"""Case references: made from a tenant's format, and found in a subject line."""

import re
from functools import cache

from case_definition.schema.model import DefinitionModel

_PLACEHOLDER = re.compile(r"\{(year|number)(?::0(\d{1,2}))?\}")


class References(DefinitionModel):
    """The references of cases."""

    format: str
    """A text with `{number}` or `{number:06}`, and optionally `{year}`."""


def reference_problem(form: str) -> str | None:
    """The problem with a format, as a sentence for its author; None for a valid format."""
    names = [name for name, _ in _PLACEHOLDER.findall(form)]
    rest = _PLACEHOLDER.sub("", form)
    if names.count("number") != 1 or names.count("year") > 1:
        return (
            "write `{number}` (or `{number:06}` for six digits) exactly once, `{year}` at most once"
        )
    if "{" in rest or "}" in rest:
        return "only `{year}` and `{number}` can be filled in; remove the other braces"
    if not re.fullmatch(r"[A-Za-z0-9/_-]*[A-Za-z][A-Za-z0-9/_-]*", rest):
        return "use letters, digits and - _ / around them, so that mail programs leave it whole"
    return None


def reference(form: str, year: int, number: int) -> str:
    """The reference of case `number` of `year`, such as `CAS-2026-000123`."""
    values = {"year": year, "number": number}
    return _PLACEHOLDER.sub(lambda found: f"{values[found[1]]:0{found[2] or 1}d}", form)


def references_in(form: str, text: str) -> list[str]:
    """The references of this format in a text, each in its original form, in order."""
    named: dict[str, None] = {}
    for found in _pattern(form).finditer(text):
        parts = found.groupdict()
        given_out = reference(form, int(parts.get("year", 0)), int(parts["number"]))
        if given_out.upper() == found[0].upper():
            named[given_out] = None
    return list(named)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts: list[str] = []
    end = 0
    for found in _PLACEHOLDER.finditer(form):
        digits = r"\d{4}" if found[1] == "year" else rf"\d{{{int(found[2] or 1)},18}}"
        parts += [re.escape(form[end : found.start()]), f"(?P<{found[1]}>{digits})"]
        end = found.end()
    parts.append(re.escape(form[end:]))
    return re.compile(rf"(?<![\w-]){''.join(parts)}(?!\w)", re.IGNORECASE | re.ASCII)
