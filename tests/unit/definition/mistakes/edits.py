"""A mistake as a person makes it: a small edit of one file of a tenant that is sound."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from case_definition.source.folder import definition_source


class Mistake(NamedTuple):
    """What is edited, and what the check has to say about it.

    `find` is a pattern, and `put` what stands there by mistake; `<start>`, `<final>`, `<waiting>`,
    `<type>`, `<team>`, `<field>` and `<calendar>` are names of the tenant's own. The finding has
    the line of the edit, unless `path` says which part it names instead.
    """

    name: str
    file: str
    find: str
    put: str
    code: str
    says: str
    path: str = ""
    without: str = ""
    """Only where the definition has no such section."""


class Edited(NamedTuple):
    """A file after the mistake, and the line on which it differs first."""

    file: Path
    text: str
    line: int


TOP = r"\A"
"""Before the first line of a file: a section more."""


def edits(mistake: Mistake, folder: Path) -> Iterator[Edited]:
    """The edit in the first file of the folder that it fits in; none where it fits nowhere."""
    data = definition_source(folder).data
    if mistake.without and mistake.without in data:
        return
    put = _named(mistake.put, data)
    if put is None:
        return
    for file in sorted(folder.glob(mistake.file)):
        before = file.read_text(encoding="utf-8")
        after = re.sub(mistake.find, put, before, count=1, flags=re.MULTILINE)
        if after != before:
            same = next(
                (at for at, (one, other) in enumerate(zip(before, after, strict=False))
                 if one != other),
                min(len(before), len(after)),
            )  # fmt: skip
            yield Edited(file, after, after.count("\n", 0, same) + 1)
            return


def _named(put: str, data: dict[str, Any]) -> str | None:
    """The text with the names of the tenant; None where it has no such thing."""
    for place in set(re.findall(r"<(\w+)>", put)):
        name = _name(place, data)
        if name is None:
            return None
        put = put.replace(f"<{place}>", name)
    return put


def _name(place: str, data: dict[str, Any]) -> str | None:
    kind, statuses = data["case_types"][0], data["statuses"]
    found: dict[str, list[str]] = {
        "type": [kind["name"]],
        "start": [kind["start_status"]],
        "final": [one["name"] for one in statuses if one["kind"] == "final"],
        "waiting": [one["name"] for one in statuses if one["kind"] == "waiting"],
        "team": [one["name"] for one in data["teams"]],
        "calendar": list(data["calendars"]),
        "receives": data["mail"]["receives"],
    }
    return next(iter(found[place]), None)
