"""Operators' questions are answered to operators alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from case_events import tokens
from case_events.runtime.memory import MemoryLog
from case_events.runtime.operations import OPERATOR, operation_routes
from starlette.applications import Starlette
from starlette.testclient import TestClient

SECRET = b"a secret of this test"
CASE = UUID("01930000-0000-7000-8000-00000000cafe")
PATHS = [
    ("GET", "/operations/parked"),
    ("POST", f"/operations/parked/{CASE}/retry"),
    ("GET", "/operations/quarantine"),
    ("POST", "/operations/quarantine/1/release"),
    ("POST", "/operations/quarantine/1/discard"),
]


def _client() -> TestClient:
    log = MemoryLog(datetime(2026, 11, 23, tzinfo=UTC))
    return TestClient(Starlette(routes=operation_routes(log, 4, SECRET)))


def _headers(claims: dict[str, str], secret: bytes = SECRET, minutes: int = 5) -> dict[str, str]:
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"Authorization": f"Bearer {tokens.issue(secret, claims, until)}"}


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_an_operator_is_answered(method: str, path: str) -> None:
    said = {"reason": "it was us"}
    answer = _client().request(method, path, headers=_headers(OPERATOR), json=said)
    assert answer.status_code == 200
    assert answer.json() in ([], {"waiting": 0}, {"decided": ""})


@pytest.mark.parametrize(
    ("path", "said", "status"),
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
def test_a_verdict_needs_a_place_and_a_reason(path: str, said: dict[str, str], status: int) -> None:
    answer = _client().post(f"/operations/quarantine/{path}", headers=_headers(OPERATOR), json=said)
    assert answer.status_code == status


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        _headers(OPERATOR, secret=b"another secret"),
        _headers(OPERATOR, minutes=-1),
        _headers({"kind": "agent", "tenant": "sample", "id": "bo"}),
        _headers({"kind": "operator", "tenant": "sample"}),
    ],
)
def test_for_anybody_else_there_is_nothing(method: str, path: str, headers: dict[str, str]) -> None:
    answer = _client().request(method, path, headers=headers)
    assert answer.status_code == 404
