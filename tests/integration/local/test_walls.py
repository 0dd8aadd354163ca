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

RUNTIME = frozenset(
    {"schema_migrations", "partitions", "log_positions", "published", "tracking", "log",
     "snapshots", "documents", "timers", "effects", "parked", "discarded", "quarantine"}
)  # fmt: skip
"""The runtime's own tables. Where a service shows them to requests, they have a policy; elsewhere
no request may reach them."""
UNSEEN = {
    "notify": frozenset({"addresses"}),
    "portal": frozenset(
        {
            "accounts",
            "sessions",
            "api_tokens",
            "operator_notes",
            "codes",
            "reset_asks",
            "attempts",
            "alerts",
        }
    ),
}
"""Tables of a service under row-level security without any policy: they show a request nothing."""
AS_OWNER = {
    "intake": frozenset({"reserve_sequences", "append_of_request"}),
    "portal": frozenset({"reserve_sequences", "append_of_request", "portal_hidden"}),
}
"""The functions that a request may call and that run as the owner: each was looked at."""
TABLES = """
    SELECT relname, relkind IN ('v', 'm', 'f'), relrowsecurity,
        has_table_privilege(%(role)s, c.oid,
            'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')
            OR has_any_column_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'),
        EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid),
        coalesce((SELECT bool_and(
                coalesce(pg_get_expr(polqual, polrelid), asked) LIKE '%%casefold.tenant%%'
                AND coalesce(asked, pg_get_expr(polqual, polrelid)) LIKE '%%casefold.tenant%%')
            FROM pg_policy, pg_get_expr(polwithcheck, polrelid) AS asked
            WHERE polrelid = c.oid), true),
        pg_get_userbyid(relowner) = %(role)s
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
    AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg_toast%%'
    ORDER BY relname
"""
FUNCTIONS = """
    SELECT proname, proconfig IS NOT NULL AND 'search_path=public, pg_temp' = ANY (proconfig)
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace
    WHERE prosecdef AND has_function_privilege(%s, p.oid, 'EXECUTE')
    AND nspname NOT IN ('pg_catalog', 'information_schema')
"""
SERVICES = [service for service in TOPOLOGY.services if service.database]


def faults(url: str, service: str) -> list[str]:
    """Each table that may show a request what is another tenant's, and why."""
    found = []
    with psycopg.connect(url) as db:
        rows = db.execute(TABLES.encode(), {"role": ROLE}).fetchall()
        functions = db.execute(FUNCTIONS.encode(), [ROLE]).fetchall()
    assert {row[0] for row in rows} >= RUNTIME
    for name, is_view, secured, reached, has_policy, by_tenant, owned in rows:
        if owned:
            found.append(f"{name} belongs to {ROLE}")
        if is_view:
            if reached:
                found.append(f"{name} is a view, which requests would read in its owner's name")
        elif not secured:
            found.append(f"{name} has no row-level security")
        elif reached and not (has_policy and by_tenant):
            found.append(f"{name} is reached by requests, and no policy asks for the tenant")
        elif not has_policy and name not in RUNTIME | UNSEEN.get(service, frozenset()):
            found.append(f"{name} has no policy")
    for name, pinned in functions:
        if name not in AS_OWNER.get(service, frozenset()):
            found.append(f"{name} is a function that runs as the owner, for every request")
        elif not pinned:
            found.append(f"{name} runs as the owner, and the caller chooses what its names mean")
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
         "notes is reached by requests"),
        ("CREATE TABLE notes (tenant text); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
         " CREATE POLICY open ON notes USING (tenant = current_setting('casefold.tenant'))"
         " WITH CHECK (true); GRANT INSERT ON notes TO PUBLIC",
         "notes is reached by requests"),
        ("ALTER TABLE documents DISABLE ROW LEVEL SECURITY", "documents has no row-level security"),
        ("CREATE POLICY open ON snapshots USING (true)", "snapshots is reached by requests"),
        ("GRANT SELECT ON timers TO casefold_requests", "timers is reached by requests"),
        ("GRANT INSERT ON log TO casefold_requests", "log is reached by requests"),
        ("GRANT SELECT (value) ON log TO casefold_requests", "log is reached by requests"),
        ("CREATE FUNCTION notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
         " RETURN (SELECT count(*) FROM accounts)", "notes is a function that runs as the owner"),
        ("ALTER FUNCTION portal_hidden RESET search_path", "portal_hidden runs as"),
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
