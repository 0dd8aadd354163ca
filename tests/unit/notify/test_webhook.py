"""C9, O7: other systems are called once in effect, by a real HTTP server on this machine."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from case_events.kernel import Effect
from case_events.runtime import EffectResult, PendingEffect
from case_notify.adapters.webhook import HttpCalls
from case_notify.domain.webhook import Call, Message

MESSAGE = Message(
    tenant="sample",
    notice="emergency",
    reference="S-0001",
    title="All is down",
    priority="P1",
    recipient="agent/bo",
    subject="[S-0001] Emergency",
    text="Please look at once.",
    link="http://portal.example/cases/S-0001",
    at=datetime(2026, 3, 2, 8, tzinfo=UTC),
)


@contextmanager
def _pager(code: int) -> Iterator[tuple[str, list[tuple[Any, Any]]]]:
    """A system that answers with this code; its URL, and what it got."""
    got: list[tuple[Any, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(code)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/page", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _call(url: str) -> EffectResult:
    call = Call(notice="emergency", about=1, recipient="agent/bo", url=url, message=MESSAGE)
    effect = Effect(key="case/1/emergency", kind="webhook", payload=msgspec.json.encode(call))
    pending = PendingEffect(
        partition=0,
        case=UUID(int=1),
        effect=effect,
        cause=b"",
        attempts=1,
        first_attempt_at=datetime(2026, 3, 2, tzinfo=UTC),
        uncertain=False,
    )

    async def handler() -> EffectResult:
        async with httpx.AsyncClient(timeout=5) as client:
            return await HttpCalls(client)(pending)

    return asyncio.run(handler())


def test_what_is_told_arrives_with_its_key() -> None:
    with _pager(204) as (url, got):
        assert _call(url) == EffectResult("done")
    ((key, body),) = got
    assert key == "case/1/emergency"
    assert body == msgspec.to_builtins(MESSAGE)


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (200, "done"),
        (400, "failed"),
        (404, "failed"),
        (429, "again"),
        (500, "again"),
        (302, "again"),
    ],
)
def test_what_the_answer_means(code: int, result: str) -> None:
    """What will be refused again is not tried again."""
    with _pager(code) as (url, _):
        assert _call(url).result == result


def test_nobody_there_is_tried_again_and_has_not_arrived() -> None:
    with _pager(200) as (url, _):
        pass
    effect_result = _call(url)
    assert (effect_result.result, effect_result.uncertain) == ("again", False)
