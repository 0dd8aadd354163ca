"""What the platform must do, and the tests that say that they show it.

The requirements stand in docs/requirements.yaml. A test names those that it shows at the beginning
of its docstring: `C8, D4: no target, no clock.`
"""

import ast
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
import yaml
from msgspec import Struct

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "docs" / "requirements.yaml"
STORIES = ROOT / "tests" / "acceptance"

Test = ast.FunctionDef | ast.AsyncFunctionDef

_HEAD = re.compile(r"([A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*)(?=[:.]|$)", re.MULTILINE)


class Section(Struct, frozen=True):
    """Requirements that belong together: of one tenant, of every tenant, or of the platform."""

    letter: str
    title: str
    requirements: Mapping[str, str]
    tenant: str = ""
    every_tenant: bool = False


class Shown(Struct, frozen=True, order=True):
    """A test that names a requirement; `tenant` where it is a story of one. What it shows of it
    may hold whatever a definition says: it is marked `by_platform(ID)`."""

    tenant: str
    file: str
    name: str
    by_platform: bool = False

    @property
    def node(self) -> str:
        """How pytest calls it."""
        return f"{self.file}::{self.name}"


@cache
def sections() -> tuple[Section, ...]:
    """All requirements, in the order written."""
    content = yaml.safe_load(REQUIREMENTS.read_text())
    return msgspec.convert(content["sections"], tuple[Section, ...])


@cache
def requirements() -> Mapping[str, Section]:
    """Every id, with its section."""
    return {id_: section for section in sections() for id_ in section.requirements}


@cache
def tenants() -> tuple[str, ...]:
    """The tenants that have requirements of their own."""
    return tuple(section.tenant for section in sections() if section.tenant)


@cache
def shown_by_id() -> Mapping[str, tuple[Shown, ...]]:
    """The tests that name each id, those of the stories by tenant."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for test in _tests(file):
            path, held = str(file.relative_to(ROOT)), _held_by_platform(test)
            for id_ in _named(test):
                found[id_].append(Shown(_tenant(file), path, test.name, id_ in held))
    return {id_: tuple(sorted(shown)) for id_, shown in found.items()}


def stories_of(id_: str, tenant: str) -> tuple[Shown, ...]:
    """The stories of a tenant that name an id."""
    return tuple(shown for shown in shown_by_id().get(id_, ()) if shown.tenant == tenant)


def marked_in_vain() -> list[str]:
    """The tests whose mark `by_platform` has an id that they do not name."""
    return [
        f"{file.relative_to(ROOT)}::{test.name}"
        for file in sorted((ROOT / "tests").rglob("test_*.py"))
        for test in _tests(file)
        if _held_by_platform(test) - set(_named(test))
    ]


def lacking() -> list[str]:
    """The ids of tenants' stories that none tells yet; a common one lacks a story until every
    tenant has one."""
    return [
        id_
        for id_, section in requirements().items()
        for wanted in [tenants() if section.every_tenant else (section.tenant,)]
        if section.tenant or section.every_tenant
        if not all(stories_of(id_, tenant) for tenant in wanted)
    ]


def _tenant(file: Path) -> str:
    return file.parent.name.replace("_", "-") if file.is_relative_to(STORIES) else ""


@cache
def _tests(file: Path) -> tuple[Test, ...]:
    nodes = ast.walk(ast.parse(file.read_text()))
    return tuple(n for n in nodes if isinstance(n, Test) and n.name.startswith("test_"))


def _named(test: Test) -> list[str]:
    """The ids at the beginning of its docstring."""
    head = _HEAD.match(ast.get_docstring(test) or "")
    return head[1].split(", ") if head else []


def _held_by_platform(test: Test) -> set[str]:
    """The ids in the mark `by_platform` of a test."""
    return {
        argument.value
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.by_platform"
        for argument in mark.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
