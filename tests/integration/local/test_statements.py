"""PostgreSQL takes every named statement as it stands: each table, column and function is there."""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count

import psycopg
import pytest
from case_events.runtime.postgres import load_statements, migrate
from case_portal.database import grouping
from case_portal.read_model import queries as read_model
from case_portal.reports import queries as reports
from case_portal.topics import queries as topics
from case_portal.volumes import queries as volumes
from case_portal.volumes.service import FIELD
from psycopg import sql
from psycopg.pq import ExecStatus

from tests.support.real.servers import Databases

pytestmark = pytest.mark.real

PLACEHOLDER = re.compile(r"%(?:\(([^)]+)\))?[sb]|%%")
PIECE = re.compile(r"\{([a-z_]+)\}")

Pieces = Mapping[str, sql.Composable]


def dimensions(value: grouping.Dimension, *names: str) -> dict[str, sql.Composable]:
    """The pieces of a statement that counts by these dimensions, and only some of them."""
    return {"groups": grouping.groups(names, value), "only": grouping.only(names, value)}


PIECES: dict[str, Pieces] = {
    "read_model": {"view": read_model._view("active"), "order": sql.SQL("")},
    "topics": dimensions(topics._value, "week", "channel"),
    "volumes": dimensions(volumes._value, "channel", f"{FIELD}a"),
    "reports": dimensions(reports._value, "day", "target")
    | {"groups": sql.SQL("'' AS by_target"), "names": sql.SQL("by_target")},
    "listening": {"channel": sql.Identifier("log")},
    "requests": {"settings": sql.SQL("")},
    "servers": {name: sql.Identifier(name) for name in ("name", "owner", "login", "role")}
    | {"hashed": sql.Literal("hash")},
}
"""What Python composes into the statements of a file, beside the fragments of that file."""


PACKAGES: dict[str, Traversable | None] = {
    "case_intake.adapters": files("case_intake.adapters") / "migrations",
    "case_workflow.adapters": files("case_workflow.adapters") / "migrations",
    "case_portal.database": files("case_portal.database") / "migrations",
    "case_events.runtime.postgres": None,
    "casefold": None,
}
"""Where statements are, and the migrations of the database that they are for."""

STATEMENTS = [
    pytest.param(
        package, file.name.removesuffix(".sql"), name, id=f"{package}: {file.name}: {name}"
    )
    for package in PACKAGES
    for file in sorted((files(package) / "sql").iterdir(), key=lambda file: file.name)
    for name, text in load_statements(package, file.name.removesuffix(".sql")).items()
    if text.startswith("/*")
]


def whole(text: str, texts: Mapping[str, str], pieces: Pieces) -> str:
    """A statement with the pieces that Python composes into it."""

    def piece(found: re.Match[str]) -> str:
        name = found[1]
        return pieces[name].as_string() if name in pieces else whole(texts[name], texts, pieces)

    return PIECE.sub(piece, text)


def numbered(text: str) -> str:
    """A statement with PostgreSQL's own placeholders."""
    numbers = count(1)
    named: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1] in named:
            return f"${named[found[1]]}"
        number = next(numbers)
        if found[1]:
            named[found[1]] = number
        return f"${number}"

    return PLACEHOLDER.sub(place, text)


@pytest.fixture(scope="module")
def database_of(databases: Databases) -> Callable[[str], str]:
    """The URL of the database that a package's statements are for."""

    @cache
    def url_of(package: str) -> str:
        url = databases.fresh()
        asyncio.run(migrate(url, PACKAGES[package]))
        return url

    return url_of


@pytest.mark.parametrize(("package", "file", "name"), STATEMENTS)
def test_the_database_takes_it(
    database_of: Callable[[str], str], package: str, file: str, name: str
) -> None:
    texts = load_statements(package, file)
    text = whole(texts[name], texts, PIECES.get(file, {}))
    with psycopg.connect(database_of(package)) as db:
        if "*/ COPY" in text:
            with db.cursor().copy(text.encode()):
                pass  # no rows: PostgreSQL looks the columns up all the same
        else:
            prepared = db.pgconn.prepare(b"", numbered(text).encode())
            assert prepared.status == ExecStatus.COMMAND_OK, prepared.get_error_message()
        if re.search(r"\*/ (LOCK|LISTEN)", text):
            db.execute(text.encode())  # prepared without a look at what they name
