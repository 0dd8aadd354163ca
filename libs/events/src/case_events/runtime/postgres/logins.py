"""The two logins of a service's database: its own, which owns it, and that of its requests."""

from typing import Any

from psycopg import AsyncConnection

from case_events.runtime.postgres.requests import ROLE
from case_events.runtime.postgres.statements import load_statements

STATEMENTS = load_statements("case_events.runtime.postgres", "logins")

_TO_DO = "`casefold database create` makes the logins; docs/operations.md says how"


class UnfitLogin(RuntimeError):
    """A login may do too much, or too little. The message names the setting and the rule."""


async def require_role(db: AsyncConnection[Any]) -> None:
    """Check that the server has the role of requests. Raises `UnfitLogin`."""
    row = await (await db.execute(STATEMENTS["role_exists"], [ROLE])).fetchone()
    if row is None or not row[0]:
        raise UnfitLogin(f"the server has no role {ROLE}; {_TO_DO}")


async def check_logins(own: str, requests: str) -> None:
    """Check the logins of the settings `database_url` and `requests_database_url`.

    Neither may be a superuser, pass by row-level security, or make roles or databases. The first
    one owns the database, and the second one cannot act as the first. Raises `UnfitLogin`.
    """
    async with await AsyncConnection.connect(own) as db:
        await require_role(db)
        name, powerful, owns, _ = await _powers(db)
        if powerful or not owns:
            why = "may do more than own its database" if powerful else "does not own the database"
            raise UnfitLogin(f"database_url: {name} {why}; {_TO_DO}")
    async with await AsyncConnection.connect(requests) as db:
        name, powerful, owns, granted = await _powers(db)
        if powerful or owns or not granted:
            why = "may do more" if powerful or owns else "may do less"
            rule = f"than requests, which own nothing and are members of {ROLE}"
            raise UnfitLogin(f"requests_database_url: {name} {why} {rule}; {_TO_DO}")


async def _powers(db: AsyncConnection[Any]) -> tuple[str, bool, bool, bool]:
    row = await (await db.execute(STATEMENTS["powers"], [ROLE])).fetchone()
    assert row is not None
    name, powerful, owns, granted = row
    return name, powerful, owns, granted
