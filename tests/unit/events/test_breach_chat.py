"""The service in examples/ that posts breaches to a chat, and its page."""

import asyncio
import json
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from types import ModuleType

import httpx
import pytest
from case_events.tools.asyncapi import asyncapi
from casefold.project import PROJECT
from faststream.kafka import TestKafkaBroker

from tests.unit.events.test_faststream import BREACH, COMMENT, publish

CHAT = "http://chat.example/hook"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The example, told where Kafka and the chat are."""
    for name, value in {
        "CASEFOLD_KAFKA": "nowhere:1",
        "CASEFOLD_INTEGRATION": "breach-chat",
        "CHAT_WEBHOOK": CHAT,
    }.items():
        monkeypatch.setenv(name, value)
    yield import_module("examples.breach_chat")
    del sys.modules["examples.breach_chat"]


class Chat:
    """A chat that answers as the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: int) -> None:
        self.messages: list[str] = []
        self._answers = list(answers)
        client = partial(httpx.AsyncClient, transport=httpx.MockTransport(self._answer))
        monkeypatch.setattr(httpx, "AsyncClient", client)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == CHAT
        self.messages.append(json.loads(request.content)["text"])
        return httpx.Response(self._answers.pop(0) if self._answers else 200)


def test_a_breach_is_posted_and_nothing_else(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(monkeypatch)

    async def main() -> None:
        async with TestKafkaBroker(example.broker):
            await publish(example.broker, COMMENT)
            await publish(example.broker, BREACH)

    asyncio.run(main())
    [text] = chat.messages
    assert text.startswith("acme: first_response of case")
    assert "08:00:00 2026 UTC" in text


def test_a_breach_that_the_chat_did_not_take_comes_again(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The handler fails, so that FastStream seeks back to the record; after a moment."""
    chat = Chat(monkeypatch, 503, 400)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(example.asyncio, "sleep", sleep)

    async def main() -> None:
        async with TestKafkaBroker(example.broker):
            with pytest.raises(httpx.HTTPStatusError):
                await publish(example.broker, BREACH)
            await publish(example.broker, BREACH)  # refused for good: no use to try again

    asyncio.run(main())
    assert len(chat.messages) == 2
    assert waits == [5]


def test_the_page_that_explains_it_shows_it_as_it_is() -> None:
    code = (PROJECT / "examples" / "breach_chat.py").read_text()
    assert f"```python\n{code}```" in (PROJECT / "docs" / "integrating.md").read_text()


def get(example: ModuleType, path: str, method: str = "GET") -> httpx.Response:
    """Ask the app itself."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=example.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.request(method, path)

    return asyncio.run(ask())


def test_its_page_shows_the_platforms_document(example: ModuleType) -> None:
    shown, ours = get(example, "/asyncapi.json").json(), json.loads(json.dumps(asyncapi()))
    assert shown["channels"] == ours["channels"]
    assert shown["components"] == ours["components"]
    assert shown["info"]["title"] == "Breach chat"
    [own] = shown["operations"].keys() - ours["operations"].keys()
    assert own == "breach-chat-reads-cases"
    assert shown["operations"][own]["channel"] == {"$ref": "#/channels/cases"}
    assert json.loads(example.app.schema.to_specification().to_json()) == shown


def test_its_page_loads_nothing_from_elsewhere_and_publishes_nothing(example: ModuleType) -> None:
    page = get(example, "/asyncapi")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "AsyncApiStandalone.render" in page.text
    head = page.text.partition("AsyncApiStandalone")[0]
    assert "//" not in head.replace('"/asyncapi', "")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for asset in ("viewer.js", "viewer.css"):
        assert f'"/asyncapi/{asset}"' in page.text
        answer = get(example, f"/asyncapi/{asset}")
        assert answer.status_code == 200
        assert "://" not in answer.text
    for path in ("/asyncapi/try", "asyncapi/try"):
        assert get(example, path, "POST").status_code == 404
    assert get(example, "/asyncapi", "POST").status_code == 405
