"""C16: what a request may append to the log: records of its own tenant and person, and no other."""

import json
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

from tests.integration.local.database_server import ASKING, SERVICES, DatabaseServer

pytestmark = pytest.mark.real

REFUSED = psycopg.errors.InsufficientPrivilege
APPEND = (
    "SELECT append_of_request(%s::int[], %s::bigint[], %s::text[], %s::int[], %s::text[],"
    " %s::uuid[], %s::text[], %s::text[]::jsonb[], %s::bytea[])"
)
RESERVE = "SELECT * FROM reserve_sequences(%s::int[], %s::bigint[])"
ANN = {"tenant": "here", "kind": "contact", "person": "ann"}
MAIL = {"tenant": "here", "kind": "mail"}


def _record(tenant: str, kind: str, who: str) -> list[Any]:
    """The arguments of the function by which a request appends to the log."""
    value = {"tenant": tenant, "actor": {"kind": kind, "id": who}, "data": {}}
    header = json.dumps({"ce_tenant": tenant})
    content = json.dumps(value).encode()
    return [[0], [1], ["commands"], [0], ["x"], [None], ["t"], [header], [content]]


def _append(url: str, who: Mapping[str, str], record: list[Any]) -> list[tuple[Any, ...]]:
    """Append to the log, and undo it. Returns what its owner sees of the log."""
    with psycopg.connect(url) as db:
        for name, value in who.items():
            db.execute("SELECT set_config(%s, %s, true)", [f"casefold.{name}", value])
        db.execute(APPEND, record)
        seen = "SELECT version, headers ->> 'ce_tenant', key FROM log"
        own = not db.info.user.endswith("_requests")
        rows = db.execute(seen).fetchall() if own else []
        db.rollback()
        return rows


@pytest.mark.parametrize("service", SERVICES)
def test_the_log_itself_is_closed(server: DatabaseServer, service: str) -> None:
    """The attack of the review, as it was: a plain insert, and a position moved back."""
    with psycopg.connect(server.requests(service), autocommit=True) as db:
        for statement in (
            "INSERT INTO log (partition, sequence, topic, target_partition, key, version, type,"
            " headers, value) VALUES (0, 1, 'commands', 0, 'x', 0, 't',"
            " '{\"ce_tenant\": \"there\"}', '')",
            "UPDATE log_positions SET sequence = 0",
            "SELECT FROM log_positions",
        ):
            with pytest.raises(REFUSED):
                db.execute(statement.encode())


@pytest.mark.parametrize("service", ASKING)
@pytest.mark.parametrize(
    ("who", "record"),
    [
        (ANN, ("there", "contact", "ann")),
        (ANN, ("here", "agent", "sue")),
        (ANN, ("here", "contact", "olga")),
        (ANN, ("here", "agent", "ann")),
        (ANN, ("here", "system", "casefold")),
        (ANN, ("", "contact", "ann")),
        (ANN | {"tenant": ""}, ("", "contact", "ann")),
        ({"tenant": "here"}, ("here", "contact", "ann")),
        ({"kind": "contact", "person": "ann"}, ("here", "contact", "ann")),
        ({}, ("here", "contact", "ann")),
        (MAIL, ("there", "contact", "ann")),
        (MAIL, ("here", "operator", "root")),
    ],
)
def test_a_request_publishes_for_nobody_else(
    server: DatabaseServer, service: str, who: Mapping[str, str], record: tuple[str, str, str]
) -> None:
    """A record for another tenant, or as somebody else."""
    with pytest.raises(REFUSED, match="its own tenant and as its own person"):
        _append(server.requests(service), who, _record(*record))


@pytest.mark.parametrize("service", ASKING)
def test_a_request_publishes_as_itself(server: DatabaseServer, service: str) -> None:
    """A mail may be from anybody of the tenant: intake finds its sender while it reads it."""
    _append(server.requests(service), ANN, _record("here", "contact", "ann"))
    for kind in ("contact", "agent", "unknown"):
        _append(server.requests(service), MAIL, _record("here", kind, "sue"))


@pytest.mark.parametrize(
    "text",
    ["a\0b", "\0\0", "\\u0000", "\\\0", "\\\\u0000\0", "\ud83d\ude00", 'x","tenant":"there', "é"],
)
def test_no_text_in_a_record_is_in_the_way(server: DatabaseServer, text: str) -> None:
    """A NUL, a backslash and a quote are a text, and say nothing of the tenant."""
    for name, refused in (("data", False), ("tenant", True)):
        value = {"actor": {"kind": "contact", "id": "ann"}, "tenant": "here"} | {name: text}
        record = _record("here", "contact", "ann")
        record[8] = [json.dumps(value).encode()]
        if refused:
            with pytest.raises(REFUSED):
                _append(server.requests("intake"), ANN, record)
        else:
            _append(server.requests("intake"), ANN, record)


@pytest.mark.parametrize("service", ASKING)
def test_headers_and_values_of_all_records_are_asked(server: DatabaseServer, service: str) -> None:
    """What a reader would take the tenant from; and never the history of a case."""
    here, there = (_record(one, "contact", "ann") for one in ("here", "there"))
    for headers, values in ((here, there), (there, here)):
        with pytest.raises(REFUSED):
            _append(server.requests(service), ANN, [*here[:7], headers[7], values[8]])
    both = [one + other for one, other in zip(here, there, strict=True)]
    with pytest.raises(REFUSED):
        _append(server.requests(service), ANN, both)
    for member in ('"tenant": "there"', '"actor": {"kind": "agent", "id": "sue"}'):
        # Of a member that occurs twice, readers take the last one.
        twice = here[8][0][:-1] + f", {member}}}".encode()
        with pytest.raises(REFUSED):
            _append(server.requests(service), ANN, [*here[:8], [twice]])
    assert _append(server.own(service), ANN, here) == [(0, "here", "x")]


@pytest.mark.parametrize("service", ASKING)
def test_a_request_never_gives_a_sequence_twice(server: DatabaseServer, service: str) -> None:
    """It reserves some, and moves no position back or far ahead."""
    with psycopg.connect(server.requests(service)) as db:
        assert db.execute(RESERVE, [[3], [2]]).fetchall() == [(3, 2)]
        assert db.execute(RESERVE, [[3], [1]]).fetchall() == [(3, 3)]
        for count in (-3, 0, 1001, 2**62):
            assert db.execute(RESERVE, [[3], [count]]).fetchall() == []
        assert db.execute(RESERVE, [[3], [1]]).fetchall() == [(3, 4)]
        db.rollback()


@pytest.mark.parametrize("service", [one for one in SERVICES if one not in ASKING])
def test_where_nobody_asks_requests_publish_nothing(server: DatabaseServer, service: str) -> None:
    with pytest.raises(REFUSED):
        _append(server.requests(service), ANN, _record("here", "contact", "ann"))
    with psycopg.connect(server.requests(service)) as db, pytest.raises(REFUSED):
        db.execute(RESERVE, [[3], [1]])
