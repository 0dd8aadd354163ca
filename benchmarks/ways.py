"""The ways of a case into the platform, and the places where it becomes visible."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from typing import Any

import httpx
import psycopg
from case_events import tokens
from case_events.testing.keys import SECRET
from casefold.samples import read_sample
from casefold.sink.store import RECEIVED_AT

from benchmarks.post import TEXT
from tests.support.real.platform import RunningPlatform

LOOK_EVERY = 0.005
TIMEOUT = 30.0


class Api:
    """A contact at intake's API and at the portal's."""

    def __init__(self, intake: httpx.AsyncClient, portal: httpx.AsyncClient) -> None:
        self._intake, self._portal = intake, portal
        self._form: dict[str, Any] = {}

    async def log_in(self) -> None:
        """Log in at the portal, and read a form."""
        login = read_sample().logins[0]
        account = login.account
        credentials = {"user": account.user, "password": login.password, "tenant": account.tenant}
        answer = (await self._portal.post("/session", json=credentials)).raise_for_status()
        self._portal.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        claims = {"tenant": account.tenant, "kind": account.kind, "id": account.person}
        token = tokens.issue(SECRET, "pass", claims, datetime.now(UTC) + timedelta(hours=1))
        self._intake.headers["Authorization"] = f"Bearer {token}"
        form = (await self._intake.get("/cases/types")).raise_for_status().json()["types"][0]
        fields = {
            field["name"]: field["options"][0]["name"] if field["options"] else TEXT[:60]
            for field in form["fields"]
            if field["required"]
        }
        self._form = {"type": form["name"], "fields": fields}

    async def create(self) -> tuple[str, str]:
        """Create a case. Returns its id and reference after its 201."""
        answer = (await self._intake.post("/cases", json=self._form)).raise_for_status().json()
        return answer["case"], answer["reference"]

    async def shows(self, reference: str) -> bool:
        """Whether the portal's API returns a case."""
        return (await self._portal.get(f"/cases/{reference}")).is_success


@asynccontextmanager
async def api(platform: RunningPlatform) -> AsyncIterator[Api]:
    """Both APIs, with the sample's first contact logged in."""
    async with (
        httpx.AsyncClient(base_url=platform.url("intake", "/api/v1"), timeout=30) as intake,
        httpx.AsyncClient(base_url=platform.url("portal", "/api/v1"), timeout=30) as portal,
    ):
        opened = Api(intake, portal)
        await opened.log_in()
        yield opened


class Portal:
    """Receives the notification that the portal has a case, which also wakes its pages."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self.first: dict[str, float] = {}
        """The time at which the portal had each case."""
        self._heard = asyncio.Event()

    async def listen(self, ready: asyncio.Event) -> None:
        """Listen until cancelled."""
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            await connection.execute('LISTEN "case"')
            ready.set()
            async for notice in connection.notifies():
                self.first.setdefault(notice.payload, time.time())
                self._heard.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until a condition on the notifications holds. Raises TimeoutError."""
        async with asyncio.timeout(TIMEOUT):
            while not holds():
                self._heard.clear()
                await self._heard.wait()

    async def titles(self) -> dict[str, str]:
        """The id of every case, by its title."""
        async with await psycopg.AsyncConnection.connect(self._url) as connection:
            rows = await connection.execute("SELECT title, case_id::text FROM snapshots")
            return dict(await rows.fetchall())


@asynccontextmanager
async def portal(platform: RunningPlatform) -> AsyncIterator[Portal]:
    """The portal, with a listener."""
    heard, ready = Portal(platform.database("portal")), asyncio.Event()
    listening = asyncio.create_task(heard.listen(ready))
    await ready.wait()
    yield heard
    listening.cancel()


class Sink:
    """The sent mails, by the Message-ID that they answer or begin with, with their times."""

    def __init__(self, platform: RunningPlatform) -> None:
        self._folder = platform.folder / "sink" / "new"
        self._known: set[str] = set()
        self.answers: dict[str, float] = {}
        """The time of the first answer to each Message-ID."""

    def look(self) -> None:
        """Read the new mails."""
        for name in sorted({entry.name for entry in os.scandir(self._folder)} - self._known):
            self._known.add(name)
            mail = BytesHeaderParser().parsebytes((self._folder / name).read_bytes())
            at = datetime.fromisoformat(str(mail[RECEIVED_AT])).timestamp()
            self.answers.setdefault(str(mail["In-Reply-To"] or "").strip(), at)

    async def answer(self, message_id: str) -> float:
        """The time at which a mail was answered. Raises TimeoutError."""
        async with asyncio.timeout(TIMEOUT):
            while message_id not in self.answers:
                await asyncio.sleep(LOOK_EVERY)
                self.look()
        return self.answers[message_id]
