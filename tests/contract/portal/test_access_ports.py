"""The contract of the ports of getting in (D13, S7)."""

import asyncio
from datetime import timedelta

import pytest
from case_events.contracts.messages import MessageRequested
from case_events.contracts.parts import Person, RequestSource
from case_events.contracts.security import AccessChanged
from case_events.envelope import SYSTEM
from case_events.tokens.sealing import opened
from case_portal.access.ports import AccountUnitOfWork, Ask, KeptCode
from case_portal.core.audit import Client
from case_portal.core.principal import Account
from case_portal.core.sessions import Session
from case_portal.mail.ports import Letter
from msgspec.structs import replace

from tests.contract.portal.access_worlds import SECRET, WINDOW, PlayIn, World

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


async def logged_in(world: World, account: Account) -> Session:
    [known] = await world.credentials.named(account.user, account.tenant)
    async with world.gate.open() as transaction:
        session = await transaction.open_session(known, CLIENT)
    assert session is not None
    return session


async def held(world: World, *sessions: Session | str) -> list[bool]:
    tokens = [one if isinstance(one, str) else one.token for one in sessions]
    return [await world.accounts.session(token) is not None for token in tokens]


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


def test_another_password_ends_the_sessions_of_that_account(play: PlayIn) -> None:
    async def story(world: World) -> None:
        accounts, kim = world.accounts, replace(BOB, person="kim", user="kim")
        async with world.gate.open() as transaction:
            await transaction.add_account(BOB, await world.password_hash("the old password"))
            await transaction.add_account(kim, await world.password_hash("the old password"))
        before, other = await logged_in(world, BOB), await logged_in(world, kim)
        async with world.gate.open() as transaction:
            _, token = await transaction.issue_token(BOB, "archive", "read", timedelta(days=1))
            _, others = await transaction.issue_token(kim, "archive", "read", timedelta(days=1))
            await transaction.set_password(BOB, await world.password_hash("the new password"))
        assert await accounts.session(before.token) is None
        assert await accounts.session(token) is None
        assert await accounts.session(other.token) is not None
        assert await accounts.session(others) is not None
        known = await world.credentials.named("bob", None)
        assert await world.credentials.fitting(known, "the old password") is None
        assert await world.credentials.fitting(known, "the new password") == known[0]

    play(story)


def test_a_password_that_changed_meanwhile_opens_no_session(play: PlayIn) -> None:
    """D13: whoever logs in with the old password at that moment gets no session."""

    async def story(world: World) -> None:
        async with world.gate.open() as transaction:
            await transaction.add_account(BOB, await world.password_hash("the old password"))
        [known] = await world.credentials.named("bob", None)
        async with world.gate.open() as transaction:
            await transaction.set_password(BOB, await world.password_hash("the new password"))
        async with world.gate.open() as transaction:
            assert await transaction.open_session(known, CLIENT) is None

    play(story)


def test_sessions_are_listed_and_ended(play: PlayIn) -> None:
    """D13: one, or all but one; only those of the account."""

    async def story(world: World) -> None:
        kim = replace(BOB, person="kim", user="kim")
        async with world.gate.open() as transaction:
            for account in (BOB, kim):
                await transaction.add_account(account, await world.password_hash("a password"))
        sessions = [await logged_in(world, BOB) for _ in range(3)]
        other = await logged_in(world, kim)
        async with world.gate.open() as transaction:
            listed = await transaction.sessions_of(BOB)
            assert {one.id for one in listed} == {one.id for one in sessions}
            assert {(one.address, one.program) for one in listed} == {("192.0.2.7", "a browser")}
            assert await transaction.end_sessions(BOB, only=other.id) == 0
            assert await transaction.end_sessions(BOB, only=sessions[0].id) == 1
        assert await held(world, *sessions, other) == [False, True, True, True]
        async with world.gate.open() as transaction:
            assert await transaction.end_sessions(BOB, but=sessions[1].id) == 1
        assert await held(world, *sessions, other) == [False, True, False, True]
        async with world.gate.open() as transaction:
            assert await transaction.end_session(sessions[1].token) == BOB
            assert await transaction.end_session(sessions[1].token) is None
            assert await transaction.sessions_of(BOB) == []
            assert await transaction.holders() == [kim]
            await transaction.end_access(kim)
        assert await held(world, other) == [False]

    play(story)


def test_api_tokens_are_listed_scoped_and_revoked(play: PlayIn) -> None:
    """D13: the secret is told once; whoever else has an account cannot revoke it."""

    async def story(world: World) -> None:
        kim = replace(BOB, person="kim", user="kim")
        async with world.gate.open() as transaction:
            for account in (BOB, kim):
                await transaction.add_account(account, await world.password_hash("a password"))
            reads, secret = await transaction.issue_token(BOB, "one", "read", timedelta(days=1))
            writes, other = await transaction.issue_token(BOB, "two", "write", timedelta(days=1))
            _, late = await transaction.issue_token(BOB, "three", "read", timedelta(0))
        found = await world.accounts.session(secret)
        assert found is not None
        assert (found.account, found.reach) == (BOB, "read")
        assert (await held(world, other, late)) == [True, False]
        async with world.gate.open() as transaction:
            assert {one.id for one in await transaction.tokens_of(BOB)} == {reads.id, writes.id}
            assert await transaction.tokens_of(kim) == []
            assert await transaction.revoke_token(kim, reads.id) is None
            revoked = await transaction.revoke_token(BOB, reads.id)
            assert revoked is not None
            assert (revoked.id, revoked.name) == (reads.id, "one")
        assert await held(world, secret, other) == [False, True]

    play(story)


def test_an_event_of_the_security_log_has_who_and_from_where(play: PlayIn) -> None:
    """D13: in the transaction of what happened; undone with it."""

    async def story(world: World) -> None:
        event = AccessChanged(change="account_opened", person_kind="contact", person="bob")
        with pytest.raises(ZeroDivisionError):
            async with world.gate.open() as transaction:
                transaction.record("here", event, SYSTEM, CLIENT)
                raise ZeroDivisionError
        assert await world.published() == []
        async with world.gate.open() as transaction:
            transaction.record("here", event, SYSTEM, CLIENT)
        source = RequestSource("192.0.2.7", "a browser")
        assert await world.published() == [replace(event, personal=source)]

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
