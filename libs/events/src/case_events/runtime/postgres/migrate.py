"""Migrations: numbered SQL files, applied once, in order, forward only."""

from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from psycopg import AsyncConnection

from case_events.runtime.postgres.logins import require_role
from case_events.runtime.postgres.statements import load_statements

LOCK = 0x_CA5E_F01D
RUNTIME = files("case_events.runtime.postgres") / "migrations"
STATEMENTS = load_statements("case_events.runtime.postgres", "migrate")


class OtherSchema(RuntimeError):
    """Other migrations made this database, so it cannot be migrated."""


async def migrate(url: str, migrations: Traversable | None = None) -> list[str]:
    """Migrate a database: apply the migrations of the runtime, then those of the service.

    Replicas that start at the same time wait for each other. Return the names of the files that
    were applied. Raises `OtherSchema` if an applied file has changed since, or if the database has
    tables that no migration made, and `UnfitLogin` if the server lacks the role of requests.
    """
    async with await AsyncConnection.connect(url) as db:
        await db.execute(STATEMENTS["lock"], [LOCK])
        # Roles belong to the server: a database that was restored on another one lacks them.
        await require_role(db)
        await db.execute(STATEMENTS["create_table"])
        rows = await db.execute(STATEMENTS["applied"])
        done: dict[str, str] = dict(await rows.fetchall())
        if not done and await _has_other_tables(db):
            raise OtherSchema(f"it holds tables of a version before these migrations; {_TO_DO}")
        scripts = _scripts(migrations)
        return [name for name, script in scripts if await _apply(db, name, script, done)]


_TO_DO = "on a machine to try things on, `make reset` makes it anew"


def _scripts(migrations: Traversable | None) -> Iterator[tuple[str, bytes]]:
    for prefix, folder in (("runtime/", RUNTIME), ("", migrations)):
        for file in sorted(folder.iterdir(), key=lambda f: f.name) if folder else []:
            if file.name.endswith(".sql"):
                yield prefix + file.name, file.read_bytes()


async def _has_other_tables(db: AsyncConnection[Any]) -> bool:
    row = await (await db.execute(STATEMENTS["count_other_tables"])).fetchone()
    return row is not None and row[0] > 0


async def _apply(db: AsyncConnection[Any], name: str, script: bytes, done: dict[str, str]) -> bool:
    """Apply a file, unless it was applied earlier. Return whether it was applied now."""
    digest = sha256(script).hexdigest()
    if name in done:
        if done[name] != digest:
            raise OtherSchema(f"{name} has changed since it was applied; {_TO_DO}")
        return False
    await db.execute(script)
    await db.execute(STATEMENTS["record"], [name, digest])
    return True
