"""The FastStream service in examples/, started as its page says, on real Kafka.

What shows its page in a browser needs Chromium: on Debian and Ubuntu, `apt-get install chromium`.
"""

import asyncio
import json
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from aiokafka import AIOKafkaProducer
from case_events.contracts.base import type_name
from case_events.contracts.sla import TargetBreached
from case_events.envelope import Record
from case_events.faststream import IntegrationSettings, connect
from case_events.topics import CASES
from case_events.wire.signing import Destination
from casefold import process
from casefold.ports import LOOPBACK, free_port
from casefold.project import PROJECT
from casefold.topics import TopicSettings, apply_topics
from msgspec.structs import replace
from playwright.sync_api import sync_playwright

from tests.support.real.platform import eventually
from tests.support.real.servers import TEST_PARTITIONS, unique_prefix
from tests.support.wire import codec
from tests.unit.events.test_faststream import BREACH, COMMENT, record

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.real


@dataclass
class Running:
    """The example, and what it posted to the chat."""

    bootstrap: str
    url: str
    messages: list[str] = field(default_factory=list)

    def breach(self) -> None:
        """Publish a breach, and something else, as workflow would."""
        asyncio.run(publish(self.bootstrap, CASES, record(COMMENT), record(BREACH)))


async def publish(bootstrap: str, topic: str, *records: Record) -> None:
    """Put records in the first partition of a topic."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for one in records:
            value, to = codec.encode(one), Destination(topic, 0, str(one.case))
            headers = codec.headers(one, value, 1, to)
            await producer.send_and_wait(
                topic,
                value,
                partition=0,
                key=to.key.encode(),
                headers=[(name, text.encode()) for name, text in headers.items()],
            )


@pytest.fixture(scope="module")
def example(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The service, started with uvicorn, and a chat."""
    port = free_port()
    running = Running(kafka_bootstrap, f"http://{LOOPBACK}:{port}")

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            running.messages.append(json.loads(body)["text"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    topic = TopicSettings(CASES, TEST_PARTITIONS, 1, {"min.insync.replicas": "1"})
    asyncio.run(apply_topics(kafka_bootstrap, [topic]))
    chat = ThreadingHTTPServer((LOOPBACK, 0), Chat)
    threading.Thread(target=chat.serve_forever, daemon=True).start()
    log = tmp_path_factory.mktemp("example") / "example.log"
    service = process.launch(_program(kafka_bootstrap, port, chat.server_port, log))
    try:
        eventually(lambda: service.poll() is not None or _answers(running.url), 60, log.read_text())
        yield running
    finally:
        process.end(service, signal.SIGTERM, 15)
        chat.shutdown()
        chat.server_close()
        print(log.read_text())


def _program(bootstrap: str, port: int, chat: int, log: Path) -> process.Program:
    return process.Program(
        [sys.executable, "-m", "uvicorn", "examples.breach_chat:app", "--port", str(port)],
        log=log,
        environment={
            "CASEFOLD_KAFKA": bootstrap,
            "CASEFOLD_INTEGRATION": unique_prefix().strip("."),
            "CHAT_WEBHOOK": f"http://{LOOPBACK}:{chat}/hook",
        },
        folder=PROJECT,
    )


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/asyncapi.json", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_posts_breaches_and_nothing_else(example: Running) -> None:
    """It begins where the topic ends when it starts: so a breach is published until it is there."""

    def messages() -> bool:
        example.breach()
        return bool(example.messages)

    eventually(messages, 60, "a breach is in the chat")
    assert all(text.startswith("acme: first_response of case") for text in example.messages)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")
def test_its_page_shows_the_document_and_asks_nobody_else(example: Running) -> None:
    asked: list[str] = []
    lines: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: lines.append(message.text))
        page.on("pageerror", lambda error: lines.append(str(error)))
        page.goto(f"{example.url}/asyncapi")
        assert page.locator("h1").inner_text() == "Breach chat 1"
        cases = page.locator("#channel-cases")
        assert "Breach chat reads cases." in cases.inner_text()
        cases.get_by_text("target_breached", exact=True).click()
        assert page.url.endswith("#message-target_breached")
        message = page.locator("#message-target_breached")
        assert type_name(TargetBreached) in message.inner_text()
        message.get_by_role("link").first.click()
        assert page.url.endswith("#schema-target_breached")
        assert "due_at *" in page.locator("#schema-target_breached").inner_text()
        browser.close()
    assert [url for url in asked if not url.startswith(f"{example.url}/")] == []
    assert lines == []


def test_what_a_handler_failed_at_comes_again_before_what_follows(kafka_bootstrap: str) -> None:
    """For real: FastStream's own test broker knows no seek."""
    topic = unique_prefix() + "cases"
    settings = IntegrationSettings(kafka=kafka_bootstrap, integration="again")

    async def main() -> list[int]:
        await apply_topics(
            kafka_bootstrap, [TopicSettings(topic, 1, 1, {"min.insync.replicas": "1"})]
        )
        broker, heard, done = connect(settings), [], asyncio.Event()
        cases = broker.subscriber(topic, group_id=topic, auto_offset_reset="earliest")

        @cases
        async def hear(record: Record) -> None:
            heard.append(record.version)
            if heard == [1, 2]:
                raise OSError("the chat is away")
            if record.version == 3:
                done.set()

        breaches = [replace(record(BREACH), version=version) for version in (1, 2, 3)]
        await publish(kafka_bootstrap, topic, *breaches)
        async with broker:
            await broker.start()
            await asyncio.wait_for(done.wait(), 60)
        return heard

    assert asyncio.run(main()) == [1, 2, 2, 3]
