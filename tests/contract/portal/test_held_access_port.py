"""The contract of the ports of access about what accounts hold: sessions, API tokens (D13)."""

from datetime import timedelta

import pytest
from case_events.contracts.parts import RequestSource
from case_events.contracts.security import AccessChanged
from case_events.envelope import SYSTEM
from case_portal.core.principal import Account
from case_portal.core.sessions import Session
from msgspec.structs import replace

from tests.contract.portal.access_worlds import PlayIn, World
from tests.contract.portal.test_access_ports import BOB, CLIENT


async def logged_in(world: World, account: Account) -> Session:
    [known] = await world.credentials.named(account.user, account.tenant)
    async with world.gate.open() as transaction:
        session = await transaction.open_session(known, CLIENT)
    assert session is not None
    return session


async def held(world: World, *sessions: Session | str) -> list[bool]:
    tokens = [one if isinstance(one, str) else one.token for one in sessions]
    return [await world.accounts.session(token) is not None for token in tokens]


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
