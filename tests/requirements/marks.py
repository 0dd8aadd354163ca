"""What an id needs in the tenants' YAML: `# ids: D9, D10` above an item of a list or a key.

That item or key, with all below it, is what these ids need and nothing else does. Above an empty
line at the beginning of a file, it is the whole file.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.requirements.catalogue import ROOT

SETTING = "CASEFOLD_WITHOUT"
"""The environment variable that names the id of a run without what it needs."""

FOLDERS = tuple(sorted((ROOT / "deploy" / "tenants").glob("*/")))

_MARK = re.compile(r"\s*# ids: (?P<ids>\w+(?:, \w+)*)")
_KEY_OF_NOTHING = re.compile(r"\s*(?:- )?[\w-]+:")


def marked(folder: Path) -> set[str]:
    """The ids that a tenant's folder marks."""
    return {id_ for file in _files(folder) for id_ in _marks(file)}


def take_out(folder: Path, id_: str, into: Path) -> None:
    """A copy of a tenant's folder without what an id needs."""
    shutil.copytree(folder, into)
    for file in _files(into):
        lines = file.read_text().splitlines()
        if id_ in _ids(lines[0]) and not lines[1].strip():
            file.unlink()
        else:
            file.write_text("\n".join(without(lines, id_)) + "\n")


def without(lines: list[str], id_: str) -> list[str]:
    """The lines of a file without what an id needs, nor the keys that then hold nothing."""
    kept: list[str] = []
    position = 0
    while position < len(lines):
        if id_ in _ids(lines[position]):
            position = _end_of_item(lines, position + 1)
        else:
            kept.append(lines[position])
            position += 1
    return kept if len(kept) == len(lines) else _without_empty_keys(kept)


def _end_of_item(lines: list[str], start: int) -> int:
    """Where the item that begins at or below `start` has ended."""
    while lines[start].lstrip().startswith("#"):
        start += 1
    depth, end = _depth(lines[start]), start + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > depth):
        end += 1
    return end


def _without_empty_keys(lines: list[str]) -> list[str]:
    """A key whose last item was taken out is left out as well."""
    with_text = [at for at, line in enumerate(lines) if line.strip() and not _is_comment(line)]
    for at, following in zip(with_text, [*with_text[1:], None], strict=True):
        below = following is not None and _depth(lines[following]) > _depth(lines[at])
        if _KEY_OF_NOTHING.fullmatch(lines[at]) and not below:
            return _without_empty_keys(lines[:at] + lines[at + 1 :])
    return lines


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _ids(line: str) -> list[str]:
    mark = _MARK.fullmatch(line)
    return mark["ids"].split(", ") if mark else []


def _marks(file: Path) -> Iterator[str]:
    for line in file.read_text().splitlines():
        yield from _ids(line)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yaml"))
