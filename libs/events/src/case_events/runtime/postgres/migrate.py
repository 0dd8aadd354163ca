"""Migrations: numbered SQL files, applied once, in order, forward only."""

from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from psycopg import AsyncConnection

from case_events.runtime.postgres.requests import make_role

LOCK = 0x_CA5E_F01D


async def migrate(url: str, migrations: Traversable | None = None) -> list[str]:
    """Bring a database up to date: the runtime's tables, then the service's own files.

    Replicas that start at once wait for each other. Answers the names of the files applied.
    """
    applied: list[str] = []
    async with await AsyncConnection.connect(url) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        # Roles are the server's: a database that was restored elsewhere has none of its own.
        await make_role(connection)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations"
            " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        rows = await (await connection.execute("SELECT name FROM migrations")).fetchall()
        done = {row[0] for row in rows}
        schema = (files("case_events.runtime.postgres") / "schema.sql").read_bytes()
        # Only where it is new: its locks on every table would meet those of replicas at work.
        if (name := f"runtime {sha256(schema).hexdigest()}") not in done:
            await connection.execute(schema)
            await connection.execute("INSERT INTO migrations (name) VALUES (%s)", [name])
        for file in sorted(migrations.iterdir(), key=lambda f: f.name) if migrations else []:
            if file.name.endswith(".sql") and file.name not in done:
                await connection.execute(file.read_bytes())
                await connection.execute("INSERT INTO migrations (name) VALUES (%s)", [file.name])
                applied.append(file.name)
    return applied
