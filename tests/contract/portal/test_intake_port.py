"""The contract of the portal's `Intake` port: each form of the portal is one record, and has one
outcome, which is for whoever sent it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from case_events import tokens
from case_events.contracts.parts import Attachment, InputFault, WrittenContent
from case_events.contracts.submissions import SubmitCase
from case_events.envelope import Actor, Record
from case_events.runtime import Ids, Outbox
from case_events.runtime.postgres import PostgresLog
from case_events.testing.keys import SECRET
from case_events.testing.memory import MemoryLog
from case_portal.commands.gateway import Outcomes
from case_portal.core.files import Upload
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.database.signals import Signals
from case_portal.new_case.intake import TopicIntake
from case_portal.new_case.ports import Intake, NewCase, Submission
from case_portal.new_case.service import OTHER_CASE
from case_portal.read_model.view import CaseOutcome
from msgspec.structs import replace
from psycopg_pool import AsyncConnectionPool

from tests.contract.portal.conftest import _migrate
from tests.support.real.servers import Databases
from tests.support.wire import codec
from tests.support.world.intake import SimulatedIntake
from tests.support.world.portal import whoever

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BOB = Principal(tenant="here", kind="contact", id="bob", name="Bob", language="en")
FILE = Upload(name="a.txt", type="text/plain", data=b"hot")
STORED = (Attachment(sha256="a" * 64, size=3, type="text/plain"),)
CASE = NewCase(
    key="k",
    case_type="incident",
    values={"title": "T", "description": "D", "seats": 3.0, "recurring": True},
    typed={"title": "T", "description": "D", "seats": "3", "recurring": "on"},
    files=(FILE,),
)
BEGUN = CaseOutcome(status="done", version=1, reference="CAS-1")
REFUSED = CaseOutcome(
    status="refused",
    code="invalid_input",
    field="title",
    rule="required",
    reason="Fill it in.",
    faults=(
        InputFault("title", "required", "Fill it in."),
        InputFault("seats", "number", "No number."),
    ),
)


class World:
    """A port, what it has published, and how an outcome comes."""

    def __init__(
        self,
        intake: Intake,
        published: Callable[[], Awaitable[list[Record]]],
        comes: Callable[[UUID, CaseOutcome], Awaitable[None]],
    ) -> None:
        self.intake, self.published, self.comes = intake, published, comes

    async def submits(self, case: NewCase = CASE, who: Principal = BOB) -> Submission:
        """Submit a case, which is published."""
        submission = await self.intake.submit(who, case, STORED, "here/1")
        assert isinstance(submission, Submission)
        return submission


Play = Callable[[World], Awaitable[None]]
PlayIn = Callable[[Play], None]


def _memory(play: Play) -> None:
    log = MemoryLog(NOW)
    outbox = Outbox("portal", log, Ids(Random(1)), 4, codec, lambda: None)

    async def rest() -> None: ...

    async def published() -> list[Record]:
        return [codec.decode(entry.value) for entry in log.entries()]

    async def comes(submission: UUID, outcome: CaseOutcome) -> None:
        log.state.documents[uuid4(), f"outcome:{submission}"] = msgspec.json.encode(outcome)

    intake = SimulatedIntake(outbox, log.state, SECRET, lambda: NOW, rest)
    asyncio.run(_awaited(play(World(intake, published, comes))))


def _real(url: str, play: Play) -> None:
    async def played() -> None:
        pool: AsyncConnectionPool[Any]
        async with AsyncConnectionPool(url, min_size=1, max_size=3, open=False) as pool:

            async def published() -> list[Record]:
                async with pool.connection() as db:
                    rows = await (await db.execute("select value from log")).fetchall()
                return [codec.decode(bytes(value)) for (value,) in rows]

            async def comes(submission: UUID, outcome: CaseOutcome) -> None:
                document = msgspec.json.encode(outcome).decode()
                async with pool.connection() as db:
                    await db.execute(
                        "insert into documents (case_id, key, document) values (%s, %s, %s)",
                        [uuid4(), f"outcome:{submission}", document],
                    )

            signals = Signals(url)
            listening = asyncio.create_task(signals.run())
            outbox = Outbox("portal", PostgresLog(pool), Ids(Random(1)), 4, codec, lambda: None)
            outcomes = Outcomes(whoever(pool), signals, 0.01)
            intake = TopicIntake(whoever(outbox), whoever(pool), outcomes, SECRET, lambda: NOW)
            await play(World(intake, published, comes))
            listening.cancel()

    asyncio.run(played())


async def _awaited(play: Awaitable[None]) -> None:
    await play


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def play(request: pytest.FixtureRequest) -> PlayIn:
    """Plays with the port of each kind, over empty tables."""
    if request.param == "memory":
        return _memory
    known: Databases = request.getfixturevalue("databases")
    url = known.fresh(_migrate)
    return lambda story: _real(url, story)


def test_a_form_is_a_record_with_all_that_was_typed_and_its_files(play: PlayIn) -> None:
    async def story(world: World) -> None:
        submission = await world.submits()
        assert (submission.outcome, submission.typed) == (None, CASE.typed)
        (record,) = await world.published()
        assert record.data == SubmitCase(
            case_type="incident",
            fields={"seats": 3.0, "recurring": True},
            attachments=STORED,
            personal=WrittenContent(title="T", text="D", file_names=("a.txt",)),
        )
        assert record.id == submission.id
        assert record.case is not None
        assert record.actor == Actor(kind="contact", id="bob", capacity="contact")
        assert (record.tenant, record.channel, record.definition) == ("here", "portal", "here/1")

    play(story)


@pytest.mark.parametrize("outcome", [BEGUN, REFUSED])
def test_the_outcome_is_for_whoever_sent_the_form(play: PlayIn, outcome: CaseOutcome) -> None:
    async def story(world: World) -> None:
        sent = await world.submits()
        await world.comes(sent.id, outcome)
        found = await world.intake.submitted(BOB, sent.id)
        assert found == replace(sent, outcome=outcome)
        for other in (
            replace(BOB, id="kim"),
            replace(BOB, kind="agent"),
            replace(BOB, tenant="there"),
        ):
            assert await world.intake.submitted(other, sent.id) is None
        assert await world.intake.submitted(BOB, uuid4()) is None

    play(story)


@pytest.mark.parametrize("outcome", [None, BEGUN, REFUSED])
def test_a_form_that_is_sent_twice_is_one(play: PlayIn, outcome: CaseOutcome | None) -> None:
    async def story(world: World) -> None:
        sent = await world.submits()
        if outcome is not None:
            await world.comes(sent.id, outcome)
        assert await world.submits() == replace(sent, outcome=outcome)
        assert len(await world.published()) == 1
        await world.submits(replace(CASE, key="another"))
        await world.submits(who=replace(BOB, id="kim"))
        assert len(await world.published()) == 3

    play(story)


def test_under_one_key_another_form_is_taken_only_where_the_first_was_refused(
    play: PlayIn,
) -> None:
    async def story(world: World) -> None:
        other = replace(CASE, values=CASE.values | {"title": "Another"})
        sent = await world.submits()
        assert await world.intake.submit(BOB, other, STORED, "here/1") == OTHER_CASE
        await world.comes(sent.id, REFUSED)
        second = await world.submits(other)
        assert second.id != sent.id
        await world.comes(second.id, BEGUN)
        third = replace(CASE, values={"title": "A third"})
        assert isinstance(await world.intake.submit(BOB, third, STORED, "here/1"), Problem)
        assert len(await world.published()) == 2

    play(story)


def test_forms_that_are_sent_at_once_are_one(play: PlayIn) -> None:
    async def story(world: World) -> None:
        sent = await asyncio.gather(*(world.submits() for _ in range(3)))
        assert len({one.id for one in sent}) == 1
        assert len(await world.published()) == 1

    play(story)


def test_a_pass_vouches_for_whoever_uses_intakes_own_api(play: PlayIn) -> None:
    async def story(world: World) -> None:
        given = world.intake.pass_for(BOB)
        claims = {"tenant": "here", "kind": "contact", "id": "bob"}
        assert tokens.read(SECRET, "pass", given.token, NOW) == claims
        assert tokens.read(SECRET, "pass", given.token, given.expires_at) is None

    play(story)
