"""Operators' questions are answered to operators alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from case_events import tokens
from case_events.envelope import Delivery
from case_events.keyring import Keyring
from case_events.runtime.operations import operation_routes
from case_events.runtime.parked import Parked
from case_events.testing.keys import ANOTHER_SECRET, SECRET
from case_events.testing.memory import MemoryLog
from starlette.applications import Starlette
from starlette.testclient import TestClient

CASE = UUID("01930000-0000-7000-8000-00000000cafe")
WHY = {"reason": "the sender is gone", "by": "ops"}
PATHS = [
    ("GET", "/operations/parked"),
    ("GET", "/operations/discarded"),
    ("POST", f"/operations/parked/{CASE}/retry"),
    ("GET", "/operations/quarantine"),
    ("POST", "/operations/quarantine/1/release"),
    ("POST", "/operations/quarantine/1/discard"),
]
DISCARD = f"/operations/parked/{CASE}/discard"


def _client(*topics: str) -> TestClient:
    """A service in which a record of each of these topics waits for one case."""
    log = MemoryLog(datetime(2026, 11, 23, tzinfo=UTC))
    for place, topic in enumerate(topics, 1):
        record = Delivery(
            topic=topic,
            partition=0,
            offset=place,
            key=str(CASE),
            headers={"ce_type": "thing"},
            value=b"",
            source="intake/0",
            sequence=place,
        )
        log.state.parked[place] = Parked(
            place=place, partition=0, case=CASE, delivery=record, error=f"why {place}"
        )
    return TestClient(Starlette(routes=operation_routes(log, 4, SECRET)))


def _headers(
    purpose: tokens.Purpose,
    claims: dict[str, str] = {},  # noqa: B006 - only read
    secret: Keyring = SECRET,
    minutes: int = 5,
) -> dict[str, str]:
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"Authorization": f"Bearer {tokens.issue(secret, purpose, claims, until)}"}


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_an_operator_is_answered(method: str, path: str) -> None:
    values = {"reason": "it was us"}
    answer = _client().request(method, path, headers=_headers("operator"), json=values)
    assert answer.status_code == 200
    assert answer.json() in ([], {"waiting": 0}, {"decided": ""})


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("1/release", {}, 422),
        ("1/discard", {"reason": " "}, 422),
        ("1/discard", {"reason": "a\0b"}, 422),
        ("1/discard", {"reason": "x" * 1001}, 422),
        ("1/free", {"reason": "it was us"}, 404),
        (f"{2**63}/discard", {"reason": "it was us"}, 404),
        ("one/discard", {"reason": "it was us"}, 404),
    ],
)
def test_a_verdict_needs_a_place_and_a_reason(
    path: str, given: dict[str, str], status: int
) -> None:
    answer = _client().post(
        f"/operations/quarantine/{path}", headers=_headers("operator"), json=given
    )
    assert answer.status_code == status


def test_an_operator_discards_the_first_record_with_a_reason_that_is_shown() -> None:
    with _client("intake", "intake") as client:
        answer = client.post(DISCARD, json=WHY, headers=_headers("operator"))
        assert (answer.status_code, answer.json()["error"]) == (200, "why 1")
        (waiting,) = client.get("/operations/parked", headers=_headers("operator")).json()
        assert (waiting["error"], waiting["retry"]) == ("why 2", True)
        (given_up,) = client.get("/operations/discarded", headers=_headers("operator")).json()
    assert given_up["error"] == "why 1"
    assert (given_up["reason"], given_up["by"]) == ("the sender is gone", "ops")
    assert datetime.fromisoformat(given_up["at"]).tzinfo == UTC


def test_a_record_of_the_history_of_a_case_is_not_discarded() -> None:
    with _client("cases") as client:
        answer = client.post(DISCARD, json=WHY, headers=_headers("operator"))
        assert answer.status_code == 409
        assert len(client.get("/operations/parked", headers=_headers("operator")).json()) == 1


def test_where_nothing_waits_nothing_is_discarded() -> None:
    with _client() as client:
        assert client.post(DISCARD, json=WHY, headers=_headers("operator")).status_code == 404


@pytest.mark.parametrize("why", [{}, {"reason": "", "by": "ops"}, {"reason": "x"}, WHY | {"x": 1}])
def test_nothing_is_discarded_without_a_reason(why: dict[str, str]) -> None:
    with _client("intake") as client:
        assert client.post(DISCARD, json=why, headers=_headers("operator")).status_code == 422
        assert len(client.get("/operations/parked", headers=_headers("operator")).json()) == 1


@pytest.mark.parametrize(("method", "path"), [*PATHS, ("POST", DISCARD)])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        _headers("operator", secret=ANOTHER_SECRET),
        _headers("operator", minutes=-1),
        _headers("pass", {"kind": "agent", "tenant": "sample", "id": "bo"}),
        _headers("operator", {"tenant": "sample"}),
    ],
)
def test_for_anybody_else_there_is_nothing(method: str, path: str, headers: dict[str, str]) -> None:
    body = WHY if path == DISCARD else None
    answer = _client("intake").request(method, path, headers=headers, json=body)
    assert answer.status_code == 404


def test_a_forged_record_is_shown_without_its_words_and_decided_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = MemoryLog(datetime(2026, 11, 23, tzinfo=UTC))
    monkeypatch.setattr(log, "_now", lambda: log.start)
    forged = Delivery(
        topic="commands", partition=2, offset=7, key=str(CASE), source="", sequence=0,
        headers={"ce_type": "thing", "ce_source": "portal/2"}, value=b"words",
    )  # fmt: skip
    asyncio.run(log.quarantine(forged, "nobody signed it"))
    client = TestClient(Starlette(routes=operation_routes(log, 4, SECRET)))
    shown = client.get("/operations/quarantine", headers=_headers("operator"))
    assert shown.json() == [
        {"place": 1, "at": "2026-11-23T00:00:00+00:00", "topic": "commands", "partition": 2,
         "offset": 7, "source": "portal/2", "type": "thing", "tenant": "",
         "reason": "nobody signed it"}
    ]  # fmt: skip
    decide = {"url": "/operations/quarantine/1/release", "headers": _headers("operator")}
    assert client.post(**decide, json={"reason": "ours"}).json() == {"decided": "released"}
    assert client.post(**decide, json={"reason": "ours"}).json() == {"decided": ""}
    (held,) = log.state.quarantine.values()
    assert (held.state, held.why) == ("released", "ours")
    assert client.get("/operations/quarantine", headers=_headers("operator")).json() == []
