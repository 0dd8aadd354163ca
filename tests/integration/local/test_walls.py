"""C16: every table of every service that keeps what is a tenant's has its policy."""

import asyncio
from importlib import import_module
from importlib.resources import files

import psycopg
import pytest
from case_events.runtime.postgres import migrate
from case_events.runtime.postgres.requests import ROLE
from casefold.topology import TOPOLOGY

from tests.support.real.servers import Databases

pytestmark = pytest.mark.real

NOBODYS = frozenset({"schema_migrations", "partitions", "log_positions", "published", "tracking"})
"""What the runtime counts with: no tenant's data is in them."""
MACHINERY = frozenset(
    {"log", "snapshots", "documents", "timers", "effects", "parked", "discarded", "quarantine"}
)
"""The runtime's own. Where a service shows them to requests, they have a policy; elsewhere no
request may read them. The log takes what requests publish, and shows it to none."""
UNSEEN = {
    "notify": frozenset({"addresses"}),
    "portal": frozenset(
        {"accounts", "sessions", "api_tokens", "codes", "reset_asks", "attempts", "alerts"}
    ),
}
"""Tables of a service under row-level security without any policy: they show a request nothing."""
TABLES = """
    SELECT relname, relkind IN ('v', 'm'), relrowsecurity,
        has_table_privilege(%(role)s, c.oid, 'SELECT, UPDATE, DELETE, TRUNCATE')
            OR has_any_column_privilege(%(role)s, c.oid, 'SELECT, UPDATE'),
        EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid),
        coalesce((SELECT bool_and(pg_get_expr(polqual, polrelid) LIKE '%%casefold.tenant%%')
            FROM pg_policy WHERE polrelid = c.oid), true),
        pg_get_userbyid(relowner) = %(role)s
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
    AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg_toast%%'
    ORDER BY relname
"""
SERVICES = [service for service in TOPOLOGY.services if service.database]


def faults(url: str, service: str) -> list[str]:
    """Each table that may show a request what is another tenant's, and why."""
    found = []
    with psycopg.connect(url) as db:
        rows = db.execute(TABLES.encode(), {"role": ROLE}).fetchall()
    assert {"log", "snapshots"} <= {row[0] for row in rows}
    for name, is_view, secured, readable, has_policy, by_tenant, owned in rows:
        if owned:
            found.append(f"{name} belongs to {ROLE}")
        if name in NOBODYS:
            continue
        if is_view:
            if readable:
                found.append(f"{name} is a view, which requests would read in its owner's name")
        elif readable and not (secured and has_policy and by_tenant):
            found.append(f"{name} is shown to requests, and no policy asks for the tenant")
        elif name not in MACHINERY and not secured:
            found.append(f"{name} has no row-level security")
        elif not has_policy and name not in MACHINERY | UNSEEN.get(service, frozenset()):
            found.append(f"{name} has no policy")
    return found


def migrated(databases: Databases, module: str) -> str:
    """A database as the service's own migrations make it."""
    package = "database" if module == "case_portal" else "adapters"
    folder = files(f"{module}.{package}") / "migrations"

    def prepare(url: str) -> None:
        asyncio.run(migrate(url, folder if folder.is_dir() else None))

    return databases.fresh(prepare)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_no_table_of_a_tenant_is_without_its_policy(databases: Databases, service: object) -> None:
    """A new table is found here: give it a policy in the service's baseline."""
    name, module = service.name, service.module  # type: ignore[attr-defined]
    import_module(f"{module}.bootstrap")
    assert faults(migrated(databases, module), name) == []


@pytest.mark.parametrize(
    ("forgotten", "why"),
    [
        ("CREATE TABLE notes (tenant text)", "notes has no row-level security"),
        ("CREATE TABLE notes (); ALTER TABLE notes ENABLE ROW LEVEL SECURITY",
         "notes has no policy"),
        ("CREATE VIEW notes AS SELECT * FROM snapshots; GRANT SELECT ON notes TO casefold_requests",
         "notes is a view"),
        ("CREATE TABLE notes (); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
         " CREATE POLICY open ON notes USING (true); GRANT SELECT ON notes TO casefold_requests",
         "notes is shown to requests"),
        ("ALTER TABLE documents DISABLE ROW LEVEL SECURITY", "documents is shown to requests"),
        ("CREATE POLICY open ON snapshots USING (true)", "snapshots is shown to requests"),
        ("GRANT SELECT ON timers TO casefold_requests", "timers is shown to requests"),
        ("GRANT SELECT (value) ON log TO casefold_requests", "log is shown to requests"),
    ],
)  # fmt: skip
def test_a_table_that_was_forgotten_is_found(
    databases: Databases, forgotten: str, why: str
) -> None:
    """So that the test above bites."""
    url = migrated(databases, "case_portal")
    with psycopg.connect(url) as db:
        db.execute(forgotten.encode())
    (fault,) = faults(url, "portal")
    assert why in fault


def test_the_server_has_the_role_and_it_is_nobodys_way_around(databases: Databases) -> None:
    """It cannot log in, owns nothing and is held by every policy."""
    url = migrated(databases, "case_portal")
    with psycopg.connect(url) as db:
        (row,) = db.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = %s",
            [ROLE],
        ).fetchall()
        assert row == (False, False, False, False)
        ((members,),) = db.execute(
            "SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [ROLE]
        ).fetchall()
        assert members == 0, "it may become somebody else"


def test_a_user_who_may_not_make_the_role_is_told_what_to_do(databases: Databases) -> None:
    """And one for whom it was made takes it up."""
    url = databases.fresh()
    name = "plain_" + url.rpartition("_")[2]
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'".encode())
        database = url.rpartition("/")[2]
        db.execute(f"ALTER DATABASE {database} OWNER TO {name}".encode())
    try:
        head, _, tail = url.partition("@")
        own = f"{head.partition('://')[0]}://{name}:x@{tail}"
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"GRANT {ROLE} TO {name}"):
            asyncio.run(migrate(own, files("case_portal.database") / "migrations"))
        with psycopg.connect(url, autocommit=True) as db:
            if db.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
                db.execute(f"CREATE ROLE {ROLE} NOLOGIN NOBYPASSRLS".encode())
            db.execute(f"GRANT {ROLE} TO {name}".encode())
        asyncio.run(migrate(own, files("case_portal.database") / "migrations"))
        assert faults(own, "portal") == []
        with psycopg.connect(own, options=f"-c role={ROLE}") as db:
            assert db.execute("SELECT count(*) FROM snapshots").fetchone() == (0,)
    finally:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER; DROP OWNED BY {name}".encode())
            db.execute(f"DROP ROLE {name}".encode())
