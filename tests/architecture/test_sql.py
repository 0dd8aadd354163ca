"""SQL stands in `sql` folders under a name, one place a service, and each name is used."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for folder in ("libs", "services", "deploy", "examples")
    for path in (ROOT / folder).rglob("*.py")
)
FILES = sorted(
    path
    for folder in ("libs", "services", "deploy")
    for path in (ROOT / folder).glob("*/src/**/sql/*.sql")
)
MIGRATIONS = sorted(
    path
    for folder in ("libs", "services")
    for path in (ROOT / folder).glob("*/src/**/migrations/*.sql")
)
TEXT = re.compile(r"^-- (?:name|fragment): (\w+)\n((?:--.*\n)*)", re.MULTILINE)
SQL = re.compile(
    r"""\s*(
    (SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|COPY|WITH|LOCK|LISTEN|NOTIFY|TRUNCATE|GRANT
        |SET|VALUES|FROM|WHERE|AND|OR|ORDER|GROUP|LIMIT|RETURNING|JOIN|ON|EXPLAIN)\ (?-i:\S)
    |(?i:select\b.*\b(from|set_config|\w+\()|insert\ into\ |update\ \w+\ set\ |delete\ from\ 
        |create\ (table|index|role|database|function|view)\ |with\ \w+\ as\ |lock\ table\ 
        |listen\ [\w"{]|order\ by\ |group\ by\ |where\ \w+\.?\w*\ (=|in|is)
        |and\ [\w.{}]+\ (=|<>|<=?|>=?|is\ (not\ )?null))
    )""",
    re.VERBOSE | re.DOTALL,
)
SMALL_KEYWORD = re.compile(
    r"\b(select|insert|update|delete|from|where|and|or|not|in|is|as|on|join|union|all|any|with"
    r"|group|order|by|limit|offset|having|distinct|exists|between|case|when|then|else|values"
    r"|returning|into|using|conflict|do|nothing|asc|desc|nulls|filter|over|lateral|materialized"
    r"|array|collate|for|null|like|ilike|cross|table|lock|listen)\b"
)


class Use(NamedTuple):
    """A place in the code that takes a text of a file by its name."""

    package: str
    file: str
    name: str


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _package(path: Path) -> str:
    """The package whose `sql` folder a file stands in."""
    return ".".join(path.parents[1].relative_to(ROOT).parts[3:])


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            if isinstance(node.value, str):
                yield node.lineno, node.value
            elif isinstance(node.value, bytes):
                yield node.lineno, node.value.decode("latin-1")


def _composed_words(path: Path) -> Iterator[int]:
    """Where `psycopg.sql.SQL` is given words: such words are a fragment in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "SQL":
            given = ast.unparse(node.args[0])
            if isinstance(node.args[0], ast.Constant | ast.JoinedStr) and re.search(r"\w", given):
                yield node.lineno


def _uses(path: Path) -> Iterator[Use]:
    """What a module takes: `STATEMENTS = load_statements(…)`, then `STATEMENTS["…"]`."""
    tree = ast.parse(path.read_text())
    loaded: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign([name], ast.Call(ast.Name("load_statements"), [package, file])):
                loaded[ast.unparse(name)] = (ast.literal_eval(package), ast.literal_eval(file))
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in loaded:
            yield Use(*loaded[ast.unparse(node.value)], ast.literal_eval(node.slice))


def _small_keywords(path: Path) -> list[str]:
    """The lines with a keyword in small letters, without strings, names in quotes and comments."""
    lines = path.read_text().splitlines()
    code = [re.sub(r"'[^']*'|\"[^\"]*\"|--.*|%\(\w+\)|\{\w*\}", "", line) for line in lines]
    return [line for line in code if SMALL_KEYWORD.search(line)]


def test_the_sql_is_looked_at_where_it_is() -> None:
    assert len(CODE) > 50
    assert len(FILES) > 20
    assert len(MIGRATIONS) >= 4


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_no_sql_stands_in_code(path: Path) -> None:
    assert [found for found in _strings(path) if SQL.match(found[1])] == []
    assert list(_composed_words(path)) == []


def test_what_looks_like_sql_is_known_from_what_does_not() -> None:
    for text in (
        "SELECT 1", "\n    select a from b", "insert into x values (1)", "update t set a = 1",
        "listen outcome", "with a as (select 1) select 2", "and {} = any({})", "order by a",
        "COPY log FROM STDIN", "delete from t", "create index on t (a)", "AND tenant = %s",
        "and a is null",
    ):  # fmt: skip
        assert SQL.match(text), text
    for text in (
        "update",
        "With a rest",
        "Select one",
        "and is shown",
        "and is in no subject.\n",
        "created",
        "or",
        "set it",
    ):
        assert not SQL.match(text), text


def test_every_text_is_used_and_whatever_is_used_is_there() -> None:
    there = {
        Use(_package(path), path.stem, name)
        for path in FILES
        for name, _ in TEXT.findall(path.read_text())
    }
    used = {use for path in CODE for use in _uses(path)}
    assert used - there == set(), "no such text"
    assert there - used == set(), "nobody uses it"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_every_text_says_what_it_is_for(path: Path) -> None:
    texts = TEXT.findall(path.read_text())
    assert texts
    assert [name for name, comment in texts if not comment] == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=_name)
def test_keywords_of_migrations_are_in_capitals(path: Path) -> None:
    assert _small_keywords(path) == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_sql_has_one_style(path: Path) -> None:
    """Keywords in capitals, four spaces or none before a line, lines of at most 100 letters."""
    assert _small_keywords(path) == []
    lines = path.read_text().splitlines()
    assert [line for line in lines if (len(line) - len(line.lstrip())) % 4] == []
    assert [line for line in lines if len(line) > 100 or line != line.rstrip()] == []
