"""What the linters cannot hold: sizes, names, and that no tenant is named in code."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from case_events.runtime.engine import metric_table

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for folder in ("libs", "services", "deploy", "tests", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*.py")
)
PRODUCT = [path for path in CODE if path.relative_to(ROOT).parts[0] != "tests"]
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
BASELINES = sorted(ROOT.glob("*/*/src/**/migrations/*.sql"))

WIRE_NAMES = {"brought_in"}
"""Names that hold a retired word and stay: they are on the wire, or are another library's."""

SEVERAL_CLASSES = {"Config": "the settings of a service, which its host reads by that name"}
"""Class names that stand for the same thing in several services, and why."""

TENANTS = sorted(path.name for path in (ROOT / "deploy/tenants").iterdir() if path.is_dir())


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_shape_is_looked_at_where_the_code_is() -> None:
    assert len(PRODUCT) > 50
    assert TENANTS


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_functions_are_short(path: Path) -> None:
    long = {
        f.name: f.end_lineno - f.lineno + 1
        for f in _functions(path)
        if f.end_lineno is not None and f.end_lineno - f.lineno + 1 > 40
    }
    assert not long


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_modules_are_named_for_what_they_hold(path: Path) -> None:
    assert not NAMELESS & {path.stem, *path.relative_to(ROOT).parts}


@pytest.mark.parametrize(
    "path",
    [p for p in CODE if p.relative_to(ROOT).parts[:2] != ("tests", "acceptance")],
    ids=_name,
)
def test_no_tenant_is_named_in_code(path: Path) -> None:
    """What differs between tenants is data: their names stand in their folders alone."""
    text = path.read_text().lower()
    assert [tenant for tenant in TENANTS if tenant in text] == []


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_nothing_is_left_for_later(path: Path) -> None:
    markers = ("TO" + "DO", "FIX" + "ME", "X" * 3 + ":")
    assert not [marker for marker in markers if marker in path.read_text()]


def retired_words(glossary: str) -> frozenset[str]:
    """The words in code style in the last column of the glossary's tables, with their plurals."""
    last = [line.rsplit("|", 2)[1] for line in glossary.splitlines() if line.startswith("|")]
    words = {word for cell in last for word in re.findall(r"`([a-z]+)`", cell)}
    return frozenset(words | {f"{word}s" for word in words})


RETIRED = retired_words((ROOT / "docs/glossary.md").read_text())


def with_retired_words(names: Iterable[str]) -> list[str]:
    """Those of the names, in snake case or camel case, that hold a retired word."""
    parts = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
    return sorted(
        name
        for name in set(names) - WIRE_NAMES
        if RETIRED.intersection(part.lower() for part in parts.findall(name))
    )


def identifiers(source: str) -> Iterator[str]:
    """Every name that Python code gives or uses. The name of a test is a sentence, and left out."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith("test_"):
                    yield name
            case ast.ClassDef(name=name) | ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)) | ast.alias(asname=str(name)):
                yield name
            case _:
                pass


def sql_names(statements: str) -> list[str]:
    """Every word of SQL outside comments and strings: tables, columns, indexes, functions."""
    return re.findall(r"[a-z_]+", re.sub(r"--.*|'[^']*'", "", statements))


def test_names_are_looked_at_where_they_are() -> None:
    assert {"door", "lane", "ladder"} <= RETIRED
    assert len(BASELINES) == 5


@pytest.mark.parametrize(
    "planted",
    [
        "class TheDoor: ...",
        "def open_lanes(): ...",
        "def wait(patience): ...",
        "ladder = 1",
        "escalation.rung",
        "wait(patience=3)",
        "import outbox as door",
    ],
)
def test_a_retired_word_is_found_wherever_it_stands(planted: str) -> None:
    assert with_retired_words(identifiers(planted))


def test_a_retired_word_is_found_in_sql_and_not_in_what_is_said_there() -> None:
    assert with_retired_words(sql_names("CREATE INDEX log_lane ON log (lane); -- a door"))
    assert not with_retired_words(sql_names("SELECT 'lane' FROM log -- a door"))


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_no_retired_word_is_in_a_name_of_the_code(path: Path) -> None:
    rooms = (part.removesuffix(".py") for part in path.relative_to(ROOT).parts)
    assert with_retired_words([*rooms, *identifiers(path.read_text())]) == []


@pytest.mark.parametrize("path", BASELINES, ids=_name)
def test_no_retired_word_is_in_a_name_of_the_database(path: Path) -> None:
    assert with_retired_words(sql_names(path.read_text())) == []


def test_no_retired_word_is_in_the_name_of_a_metric() -> None:
    metrics = [
        one.name for one in vars(metric_table).values() if isinstance(one, metric_table.Metric)
    ]
    assert metrics
    assert with_retired_words(metrics) == []


def test_unit_tests_need_no_servers() -> None:
    """The parts with servers do not look for tests there (`tests/__main__.py`)."""
    unit = (ROOT / "tests/unit").rglob("*.py")
    assert not [_name(path) for path in unit if "mark.real" in path.read_text()]


def test_one_class_name_stands_for_one_thing() -> None:
    modules = defaultdict(list)
    for path in (one for one in PRODUCT if "src" in one.parts):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                modules[node.name].append(str(path.relative_to(ROOT)))
    several = {name: where for name, where in modules.items() if len(where) > 1}
    assert several.keys() == SEVERAL_CLASSES.keys(), several
