"""Tenants' folders to spoil one file at a time; what is not spoilt is read once."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from case_definition.source import yaml
from case_definition.source.yaml import Source, Unreadable
from pytest import MonkeyPatch

from tests.unit.definition.sample_tenant import ROOT

TENANTS = sorted(path for path in (ROOT / "deploy/tenants").iterdir() if path.is_dir())

_parsed = yaml.parsed


@cache
def _read(text: str, file: Path) -> Source | Unreadable:
    try:
        return _parsed(text, file)
    except Unreadable as failure:
        return failure


def _cached(text: str, file: Path) -> Source:
    known = _read(text, file)
    if isinstance(known, Unreadable):
        raise known
    return known


class Copies:
    """A copy of each tenant's folder."""

    def __init__(self, place: Path) -> None:
        self._folders = {
            tenant: Path(shutil.copytree(tenant, place / tenant.name)) for tenant in TENANTS
        }

    def __iter__(self) -> Iterator[Path]:
        return iter(self._folders.values())

    @contextmanager
    def spoilt(self, file: Path, text: str) -> Iterator[None]:
        """While this lasts, a file of a copy says something else."""
        before = file.read_text(encoding="utf-8")
        file.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(before, encoding="utf-8")


@contextmanager
def copies(place: Path) -> Iterator[Copies]:
    """Copies of all tenants' folders; a text that was read before is not read again."""
    with MonkeyPatch.context() as patch:
        patch.setattr(yaml, "parsed", _cached)
        yield Copies(place)
