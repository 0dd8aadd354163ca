"""C16: workflow tells histories to the platform's own tools, and to nobody else."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, cast

import pytest
from case_definition.lookup.reference import Reference
from case_events import tokens
from case_events.keyring import SECRET_SETTING, Keyring
from case_events.runtime import Unavailable
from case_events.testing.keys import ANOTHER_SECRET, SECRET, SECRET_TEXT
from case_events.tokens import tools
from case_workflow.adapters.history import HistoryReader
from case_workflow.entrypoints.api import history_api
from case_workflow.entrypoints.cli import case
from click.testing import CliRunner
from eventsourcing.persistence import OperationalError
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.support.wire import codec

SOON = datetime.now(UTC) + timedelta(minutes=5)


class NoDatabase:
    """Whoever is let in comes this far."""

    def connection(self) -> Any:
        raise ConnectionError("no database here")

    def rows(self, query: str, values: Sequence[Any]) -> NoReturn:
        raise OperationalError("no database here")


NOWHERE = HistoryReader(cast(Any, NoDatabase()), NoDatabase(), codec)
APP = history_api(NOWHERE, Reference(), SECRET)
PATHS = [
    route.path.replace("{reference}", "X-1").replace("{partition}", "3")
    for route in cast(list[Route], APP.routes)
]


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A program that reaches workflow's port."""
    with TestClient(APP) as made:
        yield made


def bearer(
    secret: Keyring = SECRET,
    purpose: tokens.Purpose = "tool",
    claims: dict[str, Any] = {},  # noqa: B006 - only read
    until: datetime = SOON,
) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(secret, purpose, claims, until)}"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic nonsense"},
        bearer(ANOTHER_SECRET),
        bearer(until=datetime.now(UTC) - timedelta(seconds=1)),
        bearer(purpose="operator"),
        bearer(purpose="pass", claims={"tenant": "here", "kind": "agent", "id": "amy"}),
        bearer(claims={"tenant": "here"}),
    ],
    ids=["nobody", "garbage", "another scheme", "another secret", "expired", "operator",
         "an agent for intake", "something else"],
)  # fmt: skip
def test_whoever_is_no_tool_is_told_nothing(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    answer = client.get(path, params={"tenant": "here"}, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "log_in"


@pytest.mark.parametrize("path", PATHS)
def test_a_tool_is_let_in(client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_SETTING, SECRET_TEXT)
    if path == "/terms":
        assert client.get(path, headers=tools.shown()).json() == {
            "definitions": [], "agreements": [],
        }  # fmt: skip
    elif path == "/records":
        assert client.get(path, headers=tools.shown()).status_code == 422
    else:
        with pytest.raises(Unavailable, match="no database here"):
            client.get(path, headers=tools.shown())


def test_a_command_without_the_secret_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_SETTING, raising=False)
    done = CliRunner().invoke(case, ["history", "X-1"])
    assert done.exit_code == 1
    assert SECRET_SETTING in done.output


@pytest.mark.parametrize(
    "asked", ["/log/x", "/log/-1", "/log/3?after=-1", "/log/3?limit=0", "/log/3?limit=1001",
              "/log/3?after=soon", f"/log/{1 << 31}", f"/log/3?after={1 << 63}"],
)  # fmt: skip
def test_a_page_of_the_log_that_cannot_be_is_refused(
    client: TestClient, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_SETTING, SECRET_TEXT)
    answer = client.get(asked, headers=tools.shown())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
