"""The contract of the ports of getting in (D13, S7)."""

import asyncio
from datetime import timedelta

import pytest
from case_events.contracts.messages import MessageRequested
from case_events.contracts.parts import Person
from case_events.envelope import SYSTEM
from case_events.testing.keys import SECRET
from case_events.tokens.sealing import opened
from case_portal.access.ports import AccountUnitOfWork, Ask, KeptCode
from case_portal.core.audit import Client
from case_portal.core.principal import Account
from case_portal.mail.ports import Letter
from msgspec.structs import replace

from tests.contract.portal.access_worlds import WINDOW, PlayIn, World

BOB = Account(tenant="here", kind="contact", person="bob", user="bob")
CLIENT = Client(address="192.0.2.7", program="a browser")
DIGEST = b"a digest"
LETTER = Letter(
    key="invitation/ABCDEFGH",
    template="invitation",
    language="en",
    to=Person("bob@acme.example", "Bob"),
    values={"until": "soon"},
    secrets={"code": "the code itself"},
)


async def keep(
    gate: AccountUnitOfWork, name: str, holds: timedelta = WINDOW, **other: str
) -> KeptCode:
    async with gate.open() as transaction:
        kept = KeptCode(
            name=name, digest=DIGEST, purpose="invitation", tenant="here", kind="contact",
            person=other.get("person", "bob"), expires_at=transaction.now + holds,
            cause=other.get("cause", ""),
        )  # fmt: skip
        await transaction.keep_code(kept)
    return kept


async def found(gate: AccountUnitOfWork, name: str) -> KeptCode | None:
    async with gate.open() as transaction:
        return await transaction.code(name, DIGEST)


def test_a_code_holds_until_it_is_spent_replaced_or_expired(play: PlayIn) -> None:
    async def story(world: World) -> None:
        gate = world.gate
        spent, other = await keep(gate, "A"), await keep(gate, "B", person="kim")
        assert await found(gate, "A") == spent
        assert await found(gate, "nothing") is None
        async with gate.open() as transaction:
            await transaction.spend("A")
        assert await found(gate, "A") is None
        assert await found(gate, "B") == other
        await keep(gate, "C", person="kim")
        assert await found(gate, "B") is None
        assert await found(gate, "C") is not None
        await keep(gate, "D", holds=timedelta(0))
        assert await found(gate, "D") is None

    play(story)


def test_a_transaction_that_fails_keeps_nothing(play: PlayIn) -> None:
    """The code still holds, and no mail went out."""

    async def story(world: World) -> None:
        await keep(world.gate, "A")
        with pytest.raises(ZeroDivisionError):
            async with world.gate.open() as transaction:
                await transaction.spend("A")
                await transaction.add_account(BOB, "hash")
                await transaction.keep_ask(Ask("bob"))
                await transaction.admit("mail", "bob", 1)
                transaction.send("here", LETTER, SYSTEM, "here/1")
                raise ZeroDivisionError
        assert await found(world.gate, "A") is not None
        assert await world.published() == []
        async with world.gate.open() as transaction:
            assert await transaction.account_of("here", "contact", "bob") is None
            assert await transaction.next_ask() is None
            assert await transaction.admit("mail", "bob", 1) is None

    play(story)


def test_a_mail_is_asked_for_with_its_secrets_sealed(play: PlayIn) -> None:
    async def story(world: World) -> None:
        async with world.gate.open() as transaction:
            transaction.send("here", LETTER, SYSTEM, "here/1")
        [message] = await world.published()
        assert isinstance(message, MessageRequested)
        assert (message.key, message.personal, message.values) == (
            LETTER.key, LETTER.to, {"until": "soon"},
        )  # fmt: skip
        assert "the code itself" not in message.sealed
        assert opened(SECRET, f"here/{LETTER.key}", message.sealed) == LETTER.secrets

    play(story)


def test_a_user_name_is_given_once_at_a_tenant(play: PlayIn) -> None:
    async def story(world: World) -> None:
        hashed = await world.password_hash("a long password")
        kim, there = replace(BOB, person="kim"), replace(BOB, tenant="there")
        async with world.gate.open() as transaction:
            assert await transaction.add_account(BOB, hashed)
            assert not await transaction.add_account(kim, hashed)
            assert await transaction.add_account(there, hashed)
            assert await transaction.account_of("here", "contact", "bob") == BOB
            assert await transaction.account_of("here", "agent", "bob") is None
            assert await transaction.account_of("here", "contact", "kim") is None
            assert await transaction.named("bob") == [BOB, there]

    play(story)


def test_asks_are_taken_in_order_and_once(play: PlayIn) -> None:
    async def story(world: World) -> None:
        for user in ("bob", "kim"):
            async with world.gate.open() as transaction:
                await transaction.keep_ask(Ask(user, CLIENT))
        taken = []
        for _ in range(3):
            async with world.gate.open() as transaction:
                taken.append(await transaction.next_ask())
        assert taken == [Ask("bob", CLIENT), Ask("kim", CLIENT), None]

    play(story)


def test_a_cause_is_known_by_its_code(play: PlayIn) -> None:
    async def story(world: World) -> None:
        await keep(world.gate, "A", cause="access/1")
        async with world.gate.open() as transaction:
            await transaction.spend("A")
            assert await transaction.caused("access/1")
            assert not await transaction.caused("access/2")

    play(story)


def test_attempts_run_out_and_are_counted_apart(play: PlayIn) -> None:
    """After as many as may be made at once one has to wait for what one attempt uses up. A success
    gives back its own attempt, and clears no other."""

    async def story(world: World) -> None:
        limiter = world.limiter
        for _ in range(2):
            assert await limiter.admit("log_in", "bob", 2) is None
        wait = await limiter.admit("log_in", "bob", 2)
        assert wait is not None
        assert timedelta(0) < wait <= WINDOW / 2
        assert await limiter.admit("log_in", "kim", 2) is None
        assert await limiter.admit("redeem", "bob", 2) is None
        await limiter.give_back("log_in", "bob", 2)
        assert await limiter.admit("log_in", "bob", 2) is None
        assert await limiter.admit("log_in", "bob", 2) is not None

    play(story)


def test_attempts_at_once_are_not_more_than_may_be(play: PlayIn) -> None:
    """Whichever replica they come to."""

    async def story(world: World) -> None:
        waits = await asyncio.gather(*(world.limiter.admit("redeem", "A", 3) for _ in range(12)))
        assert waits.count(None) == 3

    play(story)


def test_what_is_not_the_code_is_not_found_and_makes_nobody_wait(play: PlayIn) -> None:
    """A row that is held is written to, and the time of that would tell that its name is known."""

    async def story(world: World) -> None:
        kept = await keep(world.gate, "A")
        async with world.gate.open() as transaction:
            assert await transaction.code("A", b"another") is None
            assert await asyncio.wait_for(found(world.gate, "A"), 10) == kept

    play(story)


def test_two_who_bring_one_code_take_turns(play: PlayIn) -> None:
    """The second finds it spent."""

    async def story(world: World) -> None:
        await keep(world.gate, "A")

        async def bring() -> bool:
            async with world.gate.open() as transaction:
                if await transaction.code("A", DIGEST) is None:
                    return False
                await transaction.spend("A")
                return True

        assert sorted(await asyncio.gather(*(bring() for _ in range(3)))) == [False, False, True]

    play(story)
