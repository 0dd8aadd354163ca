"""The schema of each service is one baseline; what comes after it is applied once, in order."""

import asyncio
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import psycopg
import pytest
from case_events.runtime.postgres import migrate
from case_events.runtime.postgres.migrate import RUNTIME, OtherSchema
from casefold.topology import TOPOLOGY

from tests.support.real.servers import Databases

pytestmark = pytest.mark.real

SERVICES = [service.module for service in TOPOLOGY.services if service.database]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A service's migrations: two files."""
    (tmp_path / "0002_second.sql").write_text("INSERT INTO notes VALUES ('second')")
    (tmp_path / "0001_baseline.sql").write_text("CREATE TABLE notes (text text)")
    (tmp_path / "readme.txt").write_text("no migration")
    return tmp_path


def notes(url: str) -> Sequence[str]:
    with psycopg.connect(url) as db:
        return [text for (text,) in db.execute("SELECT text FROM notes").fetchall()]


def test_files_are_applied_once_in_order_after_those_of_the_runtime(
    databases: Databases, folder: Path
) -> None:
    url = databases.fresh()
    applied = asyncio.run(migrate(url, folder))
    assert applied == ["runtime/0001_baseline.sql", "0001_baseline.sql", "0002_second.sql"]
    assert asyncio.run(migrate(url, folder)) == []
    (folder / "0003_third.sql").write_text("INSERT INTO notes VALUES ('third')")
    assert asyncio.run(migrate(url, folder)) == ["0003_third.sql"]
    assert notes(url) == ["second", "third"]


def test_replicas_that_start_at_once_wait_for_each_other(
    databases: Databases, folder: Path
) -> None:
    async def both(url: str) -> list[list[str]]:
        return list(await asyncio.gather(migrate(url, folder), migrate(url, folder)))

    url = databases.fresh()
    assert sorted(map(len, asyncio.run(both(url)))) == [0, 3]
    assert notes(url) == ["second"]


def test_a_file_that_changed_since_it_was_applied_is_refused(
    databases: Databases, folder: Path
) -> None:
    url = databases.fresh()
    asyncio.run(migrate(url, folder))
    (folder / "0001_baseline.sql").write_text("CREATE TABLE notes (text text, more text)")
    (folder / "0003_third.sql").write_text("INSERT INTO notes VALUES ('third')")
    with pytest.raises(OtherSchema, match=r"baseline\.sql has changed"):
        asyncio.run(migrate(url, folder))
    assert notes(url) == ["second"]


def test_a_database_that_other_migrations_made_is_refused(
    databases: Databases, folder: Path
) -> None:
    """So is one of version 0.1: its tables are not taken for those of the baseline."""
    url = databases.fresh()
    with psycopg.connect(url) as db:
        db.execute("CREATE TABLE log (lane integer)")
    with pytest.raises(OtherSchema, match="make reset"):
        asyncio.run(migrate(url, folder))
    with psycopg.connect(url) as db:
        found = db.execute("SELECT to_regclass('schema_migrations')").fetchone()
    assert found == (None,), "nothing was changed"


@pytest.mark.parametrize("module", ["case_events.runtime.postgres", *SERVICES])
def test_each_service_has_one_baseline(module: str) -> None:
    package = f"{module}.database" if module == "case_portal" else f"{module}.adapters"
    folder = files(package) / "migrations" if module in SERVICES else RUNTIME
    if folder.is_dir():
        assert [file.name for file in folder.iterdir()] == ["0001_baseline.sql"]
