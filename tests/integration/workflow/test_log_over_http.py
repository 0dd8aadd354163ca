"""The history over HTTP: followed page by page, and verified, with what that cannot see."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from urllib.request import Request, urlopen
from uuid import UUID

import msgspec
import psycopg
import pytest
from case_definition.lookup.reference import Reference
from case_events.envelope import Record, digest
from case_events.keyring import SECRET_SETTING
from case_events.testing.keys import SECRET_TEXT
from case_events.tokens import tools
from case_workflow.entrypoints.cli import case
from casefold.project import PROJECT
from casefold.samples import read_sample
from click.testing import CliRunner, Result

from tests.support.real.case_histories import history, prepare, serving, write
from tests.support.real.servers import Databases
from tests.support.wire import codec
from tests.support.world.reference_data import reference_of

pytestmark = pytest.mark.real

TENANT = read_sample().logins[0].account.tenant
START = datetime.fromisoformat("2026-03-02T09:00:00+01:00")
CASES, PARTITIONS = 12, 3
FIRST, LAST = 1, 12
"""Versions of the first and the last event of each case."""


class Page(msgspec.Struct):
    partition: int
    events: list["Line"]
    last: int


class Line(msgspec.Struct):
    position: int
    record: msgspec.Raw


class Served(NamedTuple):
    """A workflow database, and the address of the API over it."""

    database: str
    address: str

    def get(self, path: str) -> bytes:
        asked = Request(f"{self.address}{path}", headers=tools.shown())
        with urlopen(asked, timeout=30) as answer:
            content: bytes = answer.read()
        return content

    def change(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.database, autocommit=True) as db:
            assert db.execute(statement.encode(), values).rowcount >= 1


@pytest.fixture(scope="module")
def reference() -> Reference:
    return reference_of(PROJECT / "deploy" / "tenants" / TENANT)


@pytest.fixture
def records(reference: Reference) -> list[list[Record]]:
    """A few closed cases."""
    definition, (_, agreements) = reference.newest(TENANT), reference.terms_of(TENANT)
    assert definition is not None
    terms = next(one.key for one in agreements if one.document.targets)
    return [
        history(n, START + timedelta(hours=n), definition, terms, Random(n))
        for n in range(1, CASES + 1)
    ]


@pytest.fixture
def served(
    databases: Databases, reference: Reference, records: list[list[Record]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Served]:  # fmt: skip
    url = databases.fresh(prepare)
    write(url, records, PARTITIONS)
    with serving(url, reference) as address:
        monkeypatch.setenv(SECRET_SETTING, SECRET_TEXT)
        monkeypatch.setenv("CASEFOLD_WORKFLOW_URL", address)
        yield Served(url, address)


def followed(served: Served, partition: int, limit: int) -> list[Line]:
    """All pages of a partition, each after the last position of the one before."""
    had: list[Line] = []
    while True:
        after = had[-1].position if had else 0
        asked = f"/log/{partition}?after={after}&limit={limit}"
        page = msgspec.json.decode(served.get(asked), type=Page)
        assert page.partition == partition
        assert len(page.events) <= limit
        if not page.events:
            assert page.last == after, "whoever has the last position has everything"
            return had
        had += page.events


def test_a_follower_gets_every_record_as_it_was_written(
    served: Served, records: list[list[Record]]
) -> None:
    ends = json.loads(served.get("/log"))["partitions"]
    assert [end["partition"] for end in ends] == [0, 1, 2]
    had: list[bytes] = []
    for end in ends:
        lines = followed(served, end["partition"], limit=7)
        positions = [line.position for line in lines]
        assert positions == sorted(set(positions))
        assert (positions[-1], bool(end["written_at"])) == (end["last"], True)
        had += [bytes(line.record) for line in lines]
    with psycopg.connect(served.database) as db:
        written = db.execute("SELECT value FROM log ORDER BY partition, sequence").fetchall()
    assert had == [value for (value,) in written]
    assert {codec.decode(value).case for value in had} == {one[0].case for one in records}


def test_a_partition_without_events_is_an_empty_page(served: Served) -> None:
    served.change("INSERT INTO log_positions (partition, sequence) VALUES (7, 0)")
    ends = json.loads(served.get("/log"))["partitions"]
    assert ends[-1] == {"partition": 7, "last": 0, "written_at": None}
    for partition in (7, 40):
        page = json.loads(served.get(f"/log/{partition}?after=3"))
        assert page == {"partition": partition, "events": [], "last": 0}


def test_history_and_records_tell_the_same_case(
    served: Served, records: list[list[Record]]
) -> None:
    name = getattr(records[0][0].data, "reference", "")
    answer = json.loads(served.get(f"/history/{name}"))["events"]
    values = served.get(f"/records/{name}").splitlines()
    assert [event["digest"] for event in answer] == [digest(value) for value in values]
    assert [codec.decode(value).version for value in values] == [*range(FIRST, LAST + 1)]


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(case, ["verify", *arguments])


def one_case(records: list[list[Record]]) -> UUID:
    return records[4][0].originator_id


def test_a_verification_says_what_it_cannot_see(served: Served) -> None:
    answer: dict[str, Any] = json.loads(served.get("/verify"))
    assert (answer["cases"], answer["events"], answer["flaws"]) == (CASES, CASES * LAST, [])
    assert len(answer["not_seen"]) == 3
    done = verify("--all")
    assert done.exit_code == 0
    for alteration in answer["not_seen"]:
        assert alteration in done.output


@pytest.mark.parametrize(
    ("where", "first_missing"),
    [("version = 12", LAST), ("version > 4", 5), ("version > 0", FIRST)],
    ids=["the last event", "a tail", "a whole case"],
)
def test_events_that_the_snapshot_still_names_are_missed(
    served: Served, records: list[list[Record]], where: str, first_missing: int
) -> None:
    """C11: what somebody deletes who does not think of the snapshot."""
    of = one_case(records)
    served.change(f"DELETE FROM log WHERE case_id = %s AND {where}", of)
    name = getattr(records[4][0].data, "reference", "")
    for done in (verify("--all"), verify(name)):
        assert done.exit_code == 1
        assert f"case {of}, event {first_missing}: it is missing" in done.output
        assert "1 cases do not fit" in done.output


def test_what_it_says_that_it_cannot_see_it_does_not_see(
    served: Served, records: list[list[Record]]
) -> None:
    """C11: a tail cut off and a case deleted whole, with the snapshot."""
    of, other = one_case(records), records[5][0].originator_id
    served.change("DELETE FROM log WHERE case_id = %s AND version > 4", of)
    served.change(
        "UPDATE snapshots SET version = 4, digest = (SELECT encode(sha256(value), 'hex') FROM log"
        " WHERE case_id = %s AND version = 4) WHERE case_id = %s", of, of,
    )  # fmt: skip
    served.change("DELETE FROM log WHERE case_id = %s", other)
    served.change("DELETE FROM snapshots WHERE case_id = %s", other)
    assert verify("--all").exit_code == 0
