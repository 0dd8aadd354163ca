"""C16: each login of a database tries what it must not, on a server of its own."""

import asyncio
from itertools import permutations

import psycopg
import pytest
from case_events.runtime import Unavailable
from case_events.runtime.postgres import REQUESTS_ROLE, RequestPool
from case_events.runtime.postgres.pools import open_pools
from casefold.databases import OWN, REQUESTS
from psycopg import sql

from tests.integration.local.database_server import (
    ASKING,
    SERVICES,
    DatabaseServer,
    at,
    login_of,
)

pytestmark = pytest.mark.real

REFUSED = psycopg.errors.InsufficientPrivilege
POWERS = (
    "CREATE ROLE somebody SUPERUSER LOGIN",
    "CREATE DATABASE anything",
    "ALTER ROLE postgres PASSWORD 'mine'",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "ALTER SYSTEM SET fsync = off",
    "SELECT pg_read_file('PG_VERSION')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/anything'",
    "SELECT * FROM pg_authid",
    "CREATE EXTENSION dblink",
    "CREATE FUNCTION system(text) RETURNS int LANGUAGE c AS 'libc.so.6', 'system'",
)
"""What only a superuser may do."""


@pytest.mark.parametrize("setting", [OWN, REQUESTS])
@pytest.mark.parametrize("service", SERVICES)
def test_no_login_has_a_power_over_the_server(
    server: DatabaseServer, service: str, setting: str
) -> None:
    """Nor becomes another login, of its own service or of another one."""
    with psycopg.connect(server.settings[service][setting], autocommit=True) as db:
        for statement in POWERS:
            with pytest.raises(REFUSED):
                db.execute(statement.encode())
                pytest.fail(f"{db.info.user} may {statement}")
        logins = {login_of(url) for urls in server.settings.values() for url in urls.values()}
        for login in logins - {db.info.user}:
            with pytest.raises(REFUSED):
                db.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(login)))
                pytest.fail(f"{db.info.user} may become {login}")


@pytest.mark.parametrize(("service", "other"), [*permutations(SERVICES, 2)])
def test_no_login_reaches_the_database_of_another_service(
    server: DatabaseServer, service: str, other: str
) -> None:
    for url in server.settings[service].values():
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(at(url, other))


ALLOWED = {
    "intake": {
        "arrivals": {"SELECT", "INSERT"},
        "idempotency": {"SELECT", "INSERT"},
        "counters": {"SELECT", "INSERT", "UPDATE"},
        "cases": {"SELECT", "INSERT"},
        "threads": {"SELECT", "INSERT"},
        "snapshots": {"SELECT"},
    },
    "portal": {
        "snapshots": {"SELECT"},
        "asked": {"SELECT", "INSERT"},
        "documents": {"SELECT"},
        "articles": {"SELECT"},
        "article_words": {"SELECT"},
    },
}
"""All that requests may do with tables. A new grant belongs here, and its table has a policy."""
TRIED = {
    "SELECT": "SELECT FROM {}",
    "INSERT": "INSERT INTO {} DEFAULT VALUES",
    "UPDATE": "UPDATE {} SET {} = NULL",
    "DELETE": "DELETE FROM {}",
    "TRUNCATE": "TRUNCATE {}",
}
TABLES = """
    SELECT DISTINCT ON (relname) relname, attname
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE attnum > 0 AND attgenerated = '' AND attidentity = '' AND NOT attisdropped
    AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'p', 'm')
"""


@pytest.mark.parametrize("service", SERVICES)
def test_requests_do_with_tables_what_they_must_and_nothing_else(
    server: DatabaseServer, service: str
) -> None:
    """Every act on every table is tried."""
    with psycopg.connect(server.own(service)) as db:
        tables = db.execute(TABLES.encode()).fetchall()
    assert len(tables) >= 13
    done: dict[str, set[str]] = {}
    with psycopg.connect(server.requests(service), autocommit=True) as db:
        for table, column in tables:
            for act, statement in TRIED.items():
                names = [sql.Identifier(name) for name in (table, column)][: statement.count("{}")]
                if _may(db, sql.SQL(statement).format(*names)):
                    done.setdefault(table, set()).add(act)
    assert done == ALLOWED.get(service, {})


def _may(db: psycopg.Connection[object], statement: sql.Composed) -> bool:
    """Whether a login may try a statement: a policy or a constraint may still refuse its rows."""
    try:
        with db.transaction(force_rollback=True):
            db.execute(statement)
    except REFUSED as error:
        return "row-level security" in str(error)
    except psycopg.IntegrityError:
        return True
    except psycopg.errors.WrongObjectType:  # a view is not truncated
        return False
    return True


OWNERS = (
    "CREATE TABLE anything ()",
    "CREATE TEMPORARY TABLE anything ()",
    "CREATE SCHEMA anything",
    "CREATE FUNCTION anything() RETURNS int LANGUAGE sql RETURN 1",
    "ALTER TABLE log DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE snapshots OWNER TO CURRENT_USER",
    "DROP TABLE log",
    "DROP FUNCTION append_of_request",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> session_user",
    f"SET ROLE {REQUESTS_ROLE}",
)
"""What only the owner of a database may do."""


@pytest.mark.parametrize("service", SERVICES)
def test_requests_never_become_the_owner(server: DatabaseServer, service: str) -> None:
    """Nor by setting or resetting their role: before and after it they are who they are."""
    asked = server.requests(service)
    with psycopg.connect(server.own(service)), psycopg.connect(asked, autocommit=True) as db:
        for statement in OWNERS:
            with pytest.raises(REFUSED):
                db.execute(statement.encode())
                pytest.fail(f"{db.info.user} may {statement}")
        for reset in ("RESET ROLE", "SET ROLE NONE", "RESET SESSION AUTHORIZATION", "RESET ALL",
                      "DISCARD ALL"):  # fmt: skip
            db.execute(reset.encode())
            (who,) = db.execute("SELECT current_user, session_user").fetchall()
            assert who == (login_of(asked), login_of(asked))
            with pytest.raises(REFUSED):
                db.execute("SELECT FROM log")


@pytest.mark.parametrize("service", ASKING)
def test_row_level_security_cannot_be_turned_off(server: DatabaseServer, service: str) -> None:
    with psycopg.connect(server.requests(service)) as db:
        db.execute("SET row_security = off")
        with pytest.raises(REFUSED, match="row-level security"):
            db.execute("SELECT FROM snapshots")


def test_a_statement_of_a_request_is_cancelled_in_time(server: DatabaseServer) -> None:
    """And one of the runtime is not."""

    async def story() -> None:
        urls = server.own("portal"), server.requests("portal")
        async with open_pools(*urls, 0.05) as (pool, request_pool):
            with pytest.raises(Unavailable, match="statement timeout"):
                async with RequestPool(request_pool).acting_for({}).connection() as db:
                    await db.execute("SELECT pg_sleep(60)")
            async with pool.connection() as db:
                shown = await (await db.execute("SHOW statement_timeout")).fetchone()
                assert shown == ("0",)

    asyncio.run(story())
