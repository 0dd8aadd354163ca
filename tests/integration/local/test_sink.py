"""The mail sink: takes every mail, keeps it, shows it."""

import asyncio
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from casefold.ports import LOOPBACK, answers, free_port
from casefold.sink.pages import application
from casefold.sink.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty Maildir."""
    return Store(tmp_path / "mail")


@dataclass(frozen=True)
class Client:
    """Asks the pages over a store, without a server."""

    store: Store

    def get(self, path: str, params: dict[str, str] | None = None) -> httpx.Response:
        """One request."""
        return asyncio.run(self._get(path, params))

    async def _get(self, path: str, params: dict[str, str] | None) -> httpx.Response:
        transport = httpx.ASGITransport(application(self.store))
        async with httpx.AsyncClient(transport=transport, base_url="http://sink") as client:
            return await client.get(path, params=params)


@pytest.fixture
def client(store: Store) -> Client:
    """The pages over the store."""
    return Client(store)


def mail(to: str, subject: str = "Bevestiging café") -> EmailMessage:
    """A mail of text, HTML and an attachment."""
    message = EmailMessage()
    message["From"] = "desk@example.org"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<1@example.org>"
    message.set_content("Dear Ann, café.\n")
    message.add_alternative("<p>Dear <b>Ann</b></p><script>alert(1)</script>", subtype="html")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="naïve list.csv")
    return message


def test_a_mail_is_kept_and_shown_whole(store: Store, client: Client) -> None:
    """Headers, text, attachments, raw; its HTML without a script of its own."""
    raw = mail("ann@example.org").as_bytes()
    kept = store.keep("bounce@example.org", ["ann@example.org"], raw)
    assert store.raw(kept.id) == raw
    page = client.get(f"/mails/{kept.id}")
    assert "Bevestiging café" in page.text
    assert "Dear Ann, café." in page.text
    assert "<script>" not in page.text
    assert "sandbox" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert client.get(f"/mails/{kept.id}/raw").text == raw.decode()
    attachment = client.get(f"/mails/{kept.id}/attachments/0")
    assert attachment.content == b"a,b\n"
    assert "na%C3%AFve%20list.csv" in attachment.headers["content-disposition"]


def test_mails_are_listed_newest_first_and_found_by_recipient(store: Store, client: Client) -> None:
    """In the page and in the JSON that tests read; the hidden copy's recipient counts too."""
    store.keep("", ["ann@example.org"], mail("ann@example.org", "eerste").as_bytes())
    store.keep("", ["bob@example.org"], mail("bob@example.org", "second").as_bytes())
    store.keep("", ["ann@example.org"], mail("list@example.org", "third").as_bytes())
    found = client.get("/api/mails", params={"to": "ANN@example"}).json()
    assert [message["subject"] for message in found] == ["third", "eerste"]
    assert found[0]["text"] == "Dear Ann, café.\n"
    assert found[0]["message_id"] == "<1@example.org>"
    assert found[0]["attachments"] == [{"name": "naïve list.csv", "type": "text/csv", "size": 4}]
    assert len(client.get("/api/mails", params={"limit": "2"}).json()) == 2
    page = client.get("/", params={"to": "bob"}).text
    assert "second" in page
    assert "eerste" not in page
    assert "No mail was sent to" in client.get("/", params={"to": "nobody"}).text
    assert client.get("/mails/unknown").status_code == 404


def test_mails_are_there_after_a_restart(store: Store, tmp_path: Path) -> None:
    """In the order in which they came."""
    for subject in ("first", "second"):
        store.keep("", ["ann@example.org"], mail("ann@example.org", subject).as_bytes())
    again = Store(tmp_path / "mail")
    assert [kept.header("Subject") for kept in again.newest_first()] == ["second", "first"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all",
        b"Subject: =?utf-8?b?broken\nContent-Type: text/plain; charset=unknown-8bit\n\n\xff\xfe",
        b"From: <<<>>>\nTo: ,,,\nContent-Type: multipart/mixed\n\nno parts",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n--x--",
    ],
)
def test_a_broken_mail_is_shown_as_far_as_it_can_be_read(
    raw: bytes, store: Store, client: Client
) -> None:
    """The sink never fails on what the platform sends."""
    kept = store.keep("", ["ann@example.org"], raw)
    assert client.get(f"/mails/{kept.id}").status_code == 200
    assert client.get("/api/mails").json()[0]["id"] == kept.id
    assert store.raw(kept.id) == raw


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """The sink as a process: its SMTP and HTTP ports."""
    smtp, http = free_port(), free_port()
    settings = {
        "CASEFOLD_SINK_SMTP_PORT": str(smtp),
        "CASEFOLD_HTTP_PORT": str(http),
        "CASEFOLD_SINK": str(tmp_path / "process"),
    }
    running = subprocess.Popen([sys.executable, "-m", "casefold.sink"], env=settings)
    deadline = time.monotonic() + 120
    while not answers(http) and time.monotonic() < deadline:
        time.sleep(0.05)
    yield smtp, http
    running.terminate()
    assert running.wait(60) in {0, -15}


def test_a_mail_sent_by_smtp_is_shown_over_http(process: tuple[int, int]) -> None:
    """The 250 comes when the mail is on disk."""
    smtp, http = process
    with smtplib.SMTP(LOOPBACK, smtp, local_hostname=socket.gethostname()) as sender:
        sender.send_message(mail("ann@example.org"))
    assert httpx.get(f"http://{LOOPBACK}:{http}/health/ready").status_code == 200
    found = httpx.get(f"http://{LOOPBACK}:{http}/api/mails").json()
    assert [message["recipients"] for message in found] == [["ann@example.org"]]
    assert found[0]["sender"] == "desk@example.org"
