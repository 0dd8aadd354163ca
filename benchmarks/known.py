"""Measures whether the response time reveals that a name, an address or a code is known.

Requests about a known one, an unknown one and another unknown one are sent in a random order, one
at a time, so that other work slows all three equally. The other unknown one takes the same path as
the first: the distance of its share from a half is the precision of this run.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import make_msgid
from pathlib import Path
from random import Random
from typing import Any

import httpx
from case_definition.publishing.loading import load_tenant
from case_definition.schema.directory import Contact
from case_portal.access.accounts import save_account
from case_portal.access.codes import LENGTH, NAME
from casefold.project import PROJECT
from casefold.samples import read_sample
from msgspec.structs import replace

from benchmarks.figures import Table, percentile
from benchmarks.post import post
from tests.support.desk.mails import compose
from tests.support.real.platform import RunningPlatform, running

TENANTS = PROJECT / "deploy" / "tenants"
LIMITS = ("BY_NAME", "BY_ACCOUNT", "BY_CLIENT", "MAILS")
SETTINGS = {f"CASEFOLD_LIMIT_{what}": "1000000" for what in LIMITS}
"""Settings without limits: the portal counts attempts, and would soon refuse all of these."""
TIMES, LOG_INS, WARM_UP = 300, 80, 10
"""The number of requests of each kind; a log-in is slow on purpose."""
PAUSE = 0.02
"""Seconds for the work after a request, so that it does not slow the next one."""
KINDS = ("known", "unknown", "another unknown")
NOBODY = ("nobody@nowhere.example", "no-one@nowhere.example")
SECRET = "0" * (LENGTH - NAME)
NO_CODES = ("2" * NAME + SECRET, "3" * NAME + SECRET)
Ask = Callable[[str], Awaitable[None]]
Times = dict[str, list[float]]


def measure() -> Table:
    """One row for each way to test what is known, on a platform of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="casefold-known-") as folder,
        running(Path(folder), settings=SETTINGS, long_running=True) as platform,
    ):
        return asyncio.run(_measured(platform))


async def _measured(platform: RunningPlatform) -> Table:
    once, twice = _accounts(platform)
    desk, sender = _asked_by_mail()
    async with _pages(platform) as pages:
        code = await pages.wrong_code_of_an_invitation(platform)
        rows = [
            await _row("a forgotten password", pages.forgets, (once, *NOBODY)),
            await _row("a log-in with a wrong password", pages.logs_in, (once, *NOBODY), LOG_INS),
            await _row("the same, known at two tenants", pages.logs_in, (twice, *NOBODY), LOG_INS),
            await _row("a code whose first half is known", pages.redeems, (code, *NO_CODES)),
        ]
    async with _post(platform, desk) as ask:
        rows.append(await _row("a mail that asks for access", ask, (sender, *NOBODY)))
    return Table("Whether the time of an answer tells what is known", rows, [
        "slower: the share of all pairs of a known and an unknown one in which the known one took",
        "longer; the same of two that are unknown; and how far chance alone takes either from 0.5",
        "in 19 runs of 20.",
    ])  # fmt: skip


async def _row(
    what: str, ask: Ask, subjects: tuple[str, str, str], n: int = TIMES
) -> dict[str, Any]:
    subject_of = dict(zip(KINDS, subjects, strict=True))
    times: Times = {kind: [] for kind in KINDS}
    for kind in KINDS * WARM_UP:
        await ask(subject_of[kind])
    order = list(KINDS * n)
    Random(11).shuffle(order)
    for kind in order:
        await asyncio.sleep(PAUSE)
        began = time.perf_counter()
        await ask(subject_of[kind])
        times[kind].append((time.perf_counter() - began) * 1000)
    known, unknown, another = (times[kind] for kind in KINDS)
    middle, other = percentile(known, 0.5), percentile(unknown, 0.5)
    return {
        "what": what, "n": n, "known p50 ms": middle, "unknown p50 ms": other,
        "ratio": middle / other, "known slower": share_slower(known, unknown),
        "unknown slower": share_slower(another, unknown),
        "by chance ±": 1.96 * ((2 * n + 1) / (12 * n * n)) ** 0.5,
    }  # fmt: skip


def share_slower(these: list[float], those: list[float]) -> float:
    """The share of all pairs in which one of these is greater than one of those; equal ones count
    half."""
    greater = sum((this > that) + (this == that) / 2 for this in these for that in those)
    return greater / (len(these) * len(those))


class Pages:
    """A browser at the portal's forms, and a program at its API."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client, self._token = client, ""

    async def open(self) -> None:
        """Get a form."""
        page = (await self.client.get("/access/forgot")).text
        found = re.search(r'name="form_token" value="(\w+)"', page)
        assert found is not None
        self._token = found[1]

    async def wrong_code_of_an_invitation(self, platform: RunningPlatform) -> str:
        """Have a contact invited. Returns the name of their code with a wrong secret."""
        agent = next(one for one in read_sample().logins if one.account.kind == "agent")
        taken = {one.account.person for one in read_sample().logins}
        contact = next(one for one in _contacts(agent.account.tenant) if one.id not in taken)
        credentials = {"user": agent.account.user, "password": agent.password}
        session = (
            (await self.client.post("/api/v1/session", json=credentials)).raise_for_status().json()
        )
        headers = {"Authorization": f"Bearer {session['token']}"}
        invited = await self.client.post(
            "/api/v1/invitations", json={"contact": contact.id}, headers=headers
        )
        invited.raise_for_status()
        [[name]] = platform.query("portal", "select name from codes where purpose = 'invitation'")
        return f"{name}{SECRET}"

    async def forgets(self, user: str) -> None:
        """Report a forgotten password."""
        await self._send("/access/forgot", 200, user=user)

    async def redeems(self, code: str) -> None:
        """Try an invalid personal code."""
        await self._send("/access/redeem", 422, code=code)

    async def logs_in(self, user: str) -> None:
        """Log in with a wrong password."""
        credentials = {"user": user, "password": "not the password", "tenant": None}
        answer = await self.client.post("/api/v1/session", json=credentials)
        assert answer.status_code == 401, answer.text

    async def _send(self, path: str, status: int, **typed: str) -> None:
        answer = await self.client.post(path, data=typed | {"form_token": self._token})
        assert answer.status_code == status, answer.text


@asynccontextmanager
async def _pages(platform: RunningPlatform) -> AsyncIterator[Pages]:
    async with httpx.AsyncClient(base_url=platform.url("portal"), timeout=30) as client:
        pages = Pages(client)
        await pages.open()
        yield pages


@asynccontextmanager
async def _post(platform: RunningPlatform, desk: str) -> AsyncIterator[Ask]:
    async with post(platform, 1) as mails:

        async def ask(sender: str) -> None:
            message_id = make_msgid(domain="benchmarks.example")
            raw = compose(sender, desk, "Access", "Please.", at=datetime.now(UTC),
                          message_id=message_id)  # fmt: skip
            await mails.deliver(sender, desk, raw)

        yield ask


def _accounts(platform: RunningPlatform) -> tuple[str, str]:
    """A user name of one tenant, and one of two tenants."""
    once, twice = [one for one in read_sample().logins if one.account.kind == "contact"][:2]
    other = next(
        one.account for one in read_sample().logins
        if one.account.kind == "contact" and one.account.tenant != twice.account.tenant
    )  # fmt: skip
    account = replace(other, user=twice.account.user)
    save_account(platform.database("portal"), account, "another password")
    return once.account.user, twice.account.user


def _asked_by_mail() -> tuple[str, str]:
    """The address for requests for access to a tenant, and the address of a contact who may ask."""
    for folder in sorted(TENANTS.glob("*/")):
        document = load_tenant(folder).definition
        plus = document.get("access", {}).get("request_by_mail", {}).get("plus")
        if plus is not None:
            local, _, domain = document["mail"]["receives"][0].partition("@")
            return f"{local}+{plus}@{domain}", _contacts(folder.name)[0].email
    raise LookupError("no tenant is asked for access by mail")


def _contacts(tenant: str) -> list[Contact]:
    return [one for one in load_tenant(TENANTS / tenant).directory if isinstance(one, Contact)]


if __name__ == "__main__":
    print(measure())
