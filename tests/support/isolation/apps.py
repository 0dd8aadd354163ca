"""The portal and intake over a world: real apps, ports in memory."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from case_definition.schema.directory import Article
from case_events import tokens
from case_events.contracts.commands import Command
from case_events.contracts.parts import Attachment
from case_events.runtime import Ids, Outbox
from case_events.testing import SimulatedService
from case_events.testing.memory import MemoryBlobs, MemoryLog
from case_events.tokens.thread import read_token
from case_intake.adapters.memory import MemoryIntakeOutbox, MemoryStore
from case_intake.application import ports as intake
from case_intake.entrypoints.api import create_app
from case_intake.entrypoints.authenticator import Authenticator
from case_portal.app import make_app
from case_portal.commands.ports import CommandGateway, CommandReceipt
from case_portal.core.principal import Account, Principal
from case_portal.core.problem import Problem
from case_portal.core.sessions import Session
from case_portal.new_case.ports import NewCase, Pass, Submission
from case_portal.portal import Portal
from case_portal.read_model.view import CaseView, FoundCase
from fastapi import FastAPI
from msgspec.structs import replace

from tests.support.isolation.desks import IsolationDriver, World
from tests.support.wire import codec
from tests.support.world.articles import SimulatedArticles
from tests.support.world.platform import SECRET
from tests.support.world.portal import SimulatedCases, SimulatedRefusals, whoever
from tests.support.world.reports import SimulatedReports
from tests.support.world.topics import SimulatedTopics
from tests.support.world.volumes import SimulatedCounts, told_of

LIMIT = 1_000_000
"""Bytes of a request."""


class TokenAccounts:
    """`case_portal.core.sessions.Accounts`: everybody's password is their token."""

    def __init__(self, accounts: dict[str, Account]) -> None:
        self._accounts = accounts

    async def log_in(self, user: str, password: str, tenant: str | None) -> Session | None:
        session = await self.session(password)
        fits = session is not None and (session.account.user, session.account.tenant) == (
            user, tenant or session.account.tenant,
        )  # fmt: skip
        return replace(session, token=password) if session is not None and fits else None

    async def session(self, token: str) -> Session | None:
        account = self._accounts.get(token)
        return Session(account=account, expires_at=None) if account else None

    async def log_out(self, token: str) -> None:
        """The same token goes on: others of the test hold it too."""


class OneChange:
    """`case_portal.read_model.ports.Changes`: each case changes once."""

    @asynccontextmanager
    async def of_case(self, case: UUID) -> AsyncIterator[AsyncIterator[bool]]:
        async def changes() -> AsyncIterator[bool]:
            yield True

        yield changes()


class NoIntake:
    """`case_portal.new_case.ports.Intake`, which takes nothing in."""

    def pass_for(self, principal: Principal) -> Pass:
        return Pass(token="a pass", expires_at=datetime.max.replace(tzinfo=UTC))

    async def submit(
        self,
        principal: Principal,
        case: NewCase,
        attachments: tuple[Attachment, ...],
        definition: str,
    ) -> Submission | Problem:
        return Problem(kind="invalid", code="closed", field="title", rule="open", reason="-")

    async def submitted(self, principal: Principal, submission: UUID) -> Submission | None:
        return None


class OnItsOwnThread:
    """A desk whose platform runs on a loop of its own, which is not that of the web app."""

    def __init__(self, driver: IsolationDriver) -> None:
        self._driver = driver

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        return await asyncio.to_thread(self._driver.ask_as, principal, case, command)

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        return await self._driver.asked_as(principal, command)


def articles_of(world: World) -> list[Article]:
    """The knowledge bases of both tenants."""
    return [article for twin in world.pair for article in twin.of_kind(Article)]


def _views(process: SimulatedService[Any, Any]) -> list[CaseView]:
    kept = process.log.state.snapshots.values()
    return [msgspec.json.decode(one.state, type=CaseView) for one in kept]


def portal_of(world: World) -> Portal:
    """The portal over what was played."""
    process = world.driver.platform.services["portal"]
    desk: CommandGateway = OnItsOwnThread(world.driver)
    accounts = TokenAccounts(world.accounts)
    return Portal(
        cases=whoever(SimulatedCases(process.log.state)),
        refusals=whoever(SimulatedRefusals(process.log.state)),
        reports=whoever(SimulatedReports(process.log.state)),
        articles=whoever(SimulatedArticles(articles_of(world))),
        topics=whoever(SimulatedTopics(partial(_views, process))),
        counts=whoever(SimulatedCounts(partial(told_of, process.log.state))),
        accounts=accounts,
        access=dataclasses.replace(world.driver.platform.access, accounts=accounts),
        desk=desk,
        api_desk=desk,
        intake=NoIntake(),
        files=world.driver.platform.blobs,
        changes=OneChange(),
        reference=world.reference,
        secret=SECRET,
        max_upload=LIMIT,
        now=world.driver.now,
    )


def portal_app(world: World) -> FastAPI:
    """The portal's app over what was played."""
    return make_app(portal_of(world))


def intake_app(world: World) -> FastAPI:
    """Intake's app over stores of its own and the directory of the world."""
    door = Outbox("intake", MemoryLog(world.driver.now()), Ids(Random(1)), 4, codec, lambda: None)
    ports = intake.IntakePorts(
        outbox=MemoryIntakeOutbox(door, MemoryStore()),
        blobs=MemoryBlobs(),
        directory=world.reference,
        read_token=partial(read_token, SECRET),
    )
    return create_app(ports, Authenticator(SECRET, {}, world.reference, lambda: True), LIMIT)


def intake_token(account: Account, minutes: int = 10) -> str:
    """What the portal vouches with to intake."""
    claims = {"tenant": account.tenant, "kind": account.kind, "id": account.person}
    return tokens.issue(SECRET, claims, datetime.now(UTC) + timedelta(minutes=minutes))
