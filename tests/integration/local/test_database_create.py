"""C16: how an operator makes databases and logins, and with which a service starts."""

import asyncio
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from case_events.runtime.postgres import REQUESTS_ROLE, migrate
from case_events.runtime.postgres.logins import UnfitLogin, check_logins
from casefold.databases import FILE, OWN, REQUESTS, OtherOwner, create_databases, database
from click.testing import CliRunner

from tests.integration.local.database_server import DatabaseServer, at, named
from tests.support.real.servers import Databases
from tests.support.wire import SETTINGS as KEYS

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("own", "requests", "why"),
    [
        ("superuser", "requests", "^database_url: postgres may do more than own its database"),
        ("requests", "requests", "^database_url: casefold_portal_requests does not own"),
        ("own", "superuser", "^requests_database_url: postgres may do more than requests"),
        ("own", "own", "^requests_database_url: casefold_portal may do more than requests"),
        ("own", "nobody", "^requests_database_url: nobody_special may do less than requests"),
    ],
)
def test_a_service_does_not_start_with_the_wrong_login(
    server: DatabaseServer, own: str, requests: str, why: str
) -> None:
    """No superuser at runtime."""
    with psycopg.connect(at(server.url, "portal"), autocommit=True) as db:
        db.execute("CREATE ROLE nobody_special LOGIN PASSWORD 'x'")
        db.execute("GRANT CONNECT ON DATABASE portal TO nobody_special")
    urls = {
        "superuser": at(server.url, "portal"),
        "own": server.own("portal"),
        "requests": server.requests("portal"),
        "nobody": named(server.own("portal"), "nobody_special"),
    }
    try:
        asyncio.run(check_logins(urls["own"], urls["requests"]))
        with pytest.raises(UnfitLogin, match=why):
            asyncio.run(check_logins(urls[own], urls[requests]))
    finally:
        with psycopg.connect(at(server.url, "portal"), autocommit=True) as db:
            db.execute("DROP OWNED BY nobody_special")
            db.execute("DROP ROLE nobody_special")


def test_a_server_without_the_role_of_requests_is_refused(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Roles belong to a server: a database that was restored on another one lacks them."""
    monkeypatch.setattr("case_events.runtime.postgres.logins.ROLE", "no_such_role")
    with pytest.raises(UnfitLogin, match="no_such_role; `casefold database create`"):
        asyncio.run(migrate(databases.fresh()))


def test_the_settings_are_in_a_private_file_and_stay(server: DatabaseServer) -> None:
    """A second run changes nothing; what the file does not know gets a new password."""
    file = server.folder / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == server.settings
    asked = ["create", "--url", server.url, str(file)]
    done = CliRunner().invoke(database, asked)
    assert "portal: casefold_portal and casefold_portal_requests" in done.output, done.output
    assert json.loads(file.read_text()) == server.settings
    psycopg.connect(server.requests("sla")).close()
    file.write_text(json.dumps(server.settings | {"sla": {}}))
    done = CliRunner().invoke(database, asked)
    assert done.exit_code == 0, done.output
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.requests("sla"))
    server.settings["sla"] = json.loads(file.read_text())["sla"]
    psycopg.connect(server.requests("sla")).close()


def test_an_administrator_without_all_power_makes_them(
    server: DatabaseServer, tmp_path: Path
) -> None:
    """Who may make roles and databases, as on a server that somebody else runs."""
    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD 'x'")
        db.execute(f"GRANT {REQUESTS_ROLE} TO keeper WITH ADMIN TRUE".encode())
    keeper = named(server.url, "keeper")
    made = create_databases(keeper, ["extra"], tmp_path / FILE)["extra"]
    asyncio.run(migrate(made[OWN]))
    asyncio.run(check_logins(made[OWN], made[REQUESTS]))
    with (
        psycopg.connect(keeper, autocommit=True) as db,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        db.execute("ALTER DATABASE extra CONNECTION LIMIT 0")


def test_a_database_of_somebody_else_is_not_taken_over(
    server: DatabaseServer, tmp_path: Path
) -> None:
    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("CREATE DATABASE foreign_one")
    with pytest.raises(OtherOwner, match="belongs to postgres, and not to casefold_foreign_one"):
        create_databases(server.url, ["foreign_one"], tmp_path / FILE)


def test_a_service_says_why_it_does_not_start(server: DatabaseServer, tmp_path: Path) -> None:
    """Before it migrates a database or asks Kafka for anything."""
    settings = KEYS | {
        "CASEFOLD_DATABASE_URL": at(server.url, "sla"),
        "CASEFOLD_REQUESTS_DATABASE_URL": server.requests("sla"),
        "CASEFOLD_KAFKA": "127.0.0.1:1",
        "CASEFOLD_HTTP_PORT": "1",
        "CASEFOLD_BLOBS": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "case_sla"],
        env=os.environ | settings, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert "UnfitLogin" in done.stdout + done.stderr
    assert "database_url: postgres may do more than own its database" in done.stdout + done.stderr
