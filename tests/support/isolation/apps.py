"""The apps of the portal and of intake, over the data of a world."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from case_events import tokens
from case_events.contracts.commands import Command
from case_events.contracts.parts import Attachment
from case_events.runtime import Ids, Outbox
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryBlobs, MemoryLog
from case_events.tokens.thread import read_return, read_token
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
from case_portal.read_model.view import FoundCase
from fastapi import FastAPI

from tests.support.isolation.desks import IsolationDriver, World
from tests.support.wire import codec

LIMIT = 1_000_000
"""The maximum size of a request, in bytes."""


class LastingSessions:
    """`case_portal.core.sessions.Accounts`, with sessions that cannot be ended, because several
    parts of the test use the same tokens."""

    def __init__(self, accounts: dict[str, Account]) -> None:
        self._accounts = accounts

    async def session(self, token: str, *, used: bool = True) -> Session | None:
        """See the port."""
        account = self._accounts.get(token)
        return Session(account=account, expires_at=None) if account is not None else None


class NoIntake:
    """`case_portal.new_case.ports.Intake`, which accepts nothing."""

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
    """A command gateway whose platform runs on a loop of its own, other than that of the web
    app."""

    def __init__(self, driver: IsolationDriver) -> None:
        self._driver = driver

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        return await asyncio.to_thread(self._driver.ask_as, principal, case, command)

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        return await self._driver.asked_as(principal, command)


def attacked_portal(world: World) -> Portal:
    """The portal over the data of a world, on another loop than the world's."""
    driver = world.driver
    desk: CommandGateway = OnItsOwnThread(driver)
    return dataclasses.replace(
        driver.portal,
        accounts=LastingSessions(dict(world.accounts)),
        desk=desk,
        api_desk=desk,
        intake=NoIntake(),
        max_upload=LIMIT,
    )


def portal_app(world: World) -> FastAPI:
    """The portal's app over the data of a world."""
    return make_app(attacked_portal(world))


def intake_app(world: World) -> FastAPI:
    """Intake's app over stores of its own and the directory of the world."""
    outbox = Outbox("intake", MemoryLog(world.driver.now()), Ids(Random(1)), 4, codec, lambda: None)
    ports = intake.IntakePorts(
        outbox=MemoryIntakeOutbox(outbox, MemoryStore()),
        blobs=MemoryBlobs(),
        directory=world.reference,
        read_token=partial(read_token, SECRET),
        read_return=partial(read_return, SECRET),
    )
    return create_app(ports, Authenticator(SECRET, {}, world.reference, lambda: True), LIMIT)


def intake_token(account: Account, minutes: int = 10) -> str:
    """The pass with which a person uses intake."""
    claims = {"tenant": account.tenant, "kind": account.kind, "id": account.person}
    return tokens.issue(SECRET, "pass", claims, datetime.now(UTC) + timedelta(minutes=minutes))
