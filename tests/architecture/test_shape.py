"""What the linters cannot hold: sizes, names, and that no tenant is named in code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for folder in ("libs", "services", "deploy", "tests", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*.py")
)
PRODUCT = [path for path in CODE if path.relative_to(ROOT).parts[0] != "tests"]
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
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
