"""Accounts and sessions on a real PostgreSQL."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from case_portal.access.accounts import (
    close_account,
    hasher,
    save_account,
    save_token,
)
from case_portal.access.passwords import password_problem
from case_portal.access.user_names import words_about
from case_portal.core.principal import Account
from casefold.samples import make_accounts, read_sample
from msgspec.structs import replace

from tests.integration.portal.portal_accounts import BOB, LONG, AccountDesk, play, prepare, run
from tests.support.real.servers import Databases

pytestmark = pytest.mark.real


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database of the portal."""
    return databases.fresh(prepare)


def test_accounts_sessions_and_tokens(url: str) -> None:
    """One account by the command, and a token of it; a session by its password; nothing by
    anything else."""
    command = ["account", "--tenant", "here", "--kind", "contact", "--person", "bob",
               "--user", "Bob@Acme.example", "--password-stdin"]  # fmt: skip
    done = run(url, *command, typed=f"{LONG}\n")
    assert done.exit_code == 0, done.output
    asked = ["tokens", "make", "--tenant", "here", "--name", "archive"]
    made = run(url, *asked, "--user", "Bob@Acme.example")
    nobody = run(url, *asked, "--user", "eve")
    assert (nobody.exit_code, "no account" in nobody.output) == (1, True)

    async def story(desk: AccountDesk) -> None:
        assert await desk.log_in("bob@acme.example", "wrong") is None
        assert await desk.log_in("eve@acme.example", LONG) is None
        assert await desk.log_in("bob@acme.example", LONG, "there") is None
        session = await desk.log_in("BOB@acme.example ", LONG)
        assert session is not None
        held = await desk.who(session.token)
        assert held is not None
        assert (held.tenant, held.person) == ("here", "bob")
        assert await desk.who("x" + session.token) is None
        async with desk.gate.open() as transaction:
            await transaction.end_session(session.token)
        assert await desk.who(session.token) is None
        by_program = await desk.accounts.session(made.output.strip())
        assert by_program is not None
        assert (by_program.account.person, by_program.reach) == ("bob", "read")

    play(url, story)
    with psycopg.connect(url) as connection:
        row = connection.execute("select password_hash from accounts").fetchone()
        assert row is not None
        assert row[0].startswith("$argon2id$")


def test_an_account_of_another_person_keeps_nothing(url: str) -> None:
    """D13: neither sessions nor tokens, nor the id by which a browser is known."""
    save_account(url, BOB, LONG)
    token = save_token(url, "here", "bob", "archive", "write", timedelta(days=1))

    async def story(desk: AccountDesk) -> None:
        session = await desk.log_in("bob", LONG)
        [known] = await desk.accounts.named("bob", None)
        assert session is not None
        save_account(url, replace(BOB, kind="agent", person="bram"), "another password")
        assert [await desk.who(one) for one in (session.token, token)] == [None, None]
        [now] = await desk.accounts.named("bob", None)
        assert (now.account.kind, now.account.person) == ("agent", "bram")
        assert now.id != known.id

    play(url, story)


def test_another_password_by_the_command_ends_sessions_and_tokens(url: str) -> None:
    """D13: as one by a link does."""
    save_account(url, BOB, LONG)
    token = save_token(url, "here", "bob", "archive", "write", timedelta(days=1))

    async def story(desk: AccountDesk) -> None:
        session = await desk.log_in("bob", LONG)
        assert session is not None
        save_account(url, BOB, "another password")
        assert [await desk.who(one) for one in (session.token, token)] == [None, None]

    play(url, story)


def test_an_account_is_closed(url: str) -> None:
    """D13: its sessions and tokens end, and do not come back when it is opened again."""
    save_account(url, BOB, LONG)
    token = save_token(url, "here", "bob", "archive", "read", timedelta(days=1))
    close = ["close", "--tenant", "here", "--user", "BOB"]

    async def story(desk: AccountDesk) -> None:
        session = await desk.log_in("bob", LONG)
        assert session is not None
        assert run(url, *close).exit_code == 0
        assert await desk.log_in("bob", LONG) is None
        save_account(url, BOB, LONG)
        assert [await desk.who(one) for one in (session.token, token)] == [None, None]
        assert await desk.log_in("bob", LONG) is not None

    play(url, story)
    assert run(url, "close", "--tenant", "here", "--user", "eve").exit_code == 1


def test_a_session_ends_when_nobody_uses_it(url: str) -> None:
    """7.3.1: its use is noted once a minute; a live page does not count as use."""
    save_account(url, BOB, LONG)

    async def story(desk: AccountDesk) -> None:
        session = await desk.log_in("bob", LONG)
        assert session is not None

        def used(ago: str) -> None:
            with psycopg.connect(url) as db:
                db.execute("update sessions set used_at = now() - %s::interval", [ago])

        used("59 minutes")
        assert await desk.accounts.session(session.token, used=False) is not None
        used("61 minutes")
        assert await desk.who(session.token) is None
        used("59 minutes")
        assert await desk.who(session.token) is not None
        with psycopg.connect(url) as db:
            [row] = db.execute("select used_at > now() - interval '1 minute' from sessions")
        assert row == (True,)
        used("61 minutes")
        await desk.gate.tidy()
        with psycopg.connect(url) as db:
            assert db.execute("select from sessions").fetchall() == []

    play(url, story)


def test_what_commands_do_is_noted_for_the_security_log(url: str) -> None:
    """D13: in the same transaction; the portal publishes it once."""
    save_account(url, BOB, LONG)
    save_account(url, BOB, "another password")
    save_account(url, replace(BOB, person="kim"), LONG)
    save_token(url, "here", "bob", "archive", "read", timedelta(days=1))
    close_account(url, "here", "bob")
    noted: list[Any] = []

    async def story(desk: AccountDesk) -> None:
        while True:
            async with desk.gate.open() as transaction:
                note = await transaction.next_note()
            if note is None:
                return
            noted.append(note)

    play(url, story)
    assert [(note.tenant, note.event.change, note.event.person) for note in noted] == [
        ("here", "account_opened", "bob"),
        ("here", "password_changed", "bob"),
        ("here", "account_handed_over", "kim"),
        ("here", "token_issued", "kim"),
        ("here", "account_closed", "kim"),
    ]


def test_a_wrong_password_takes_as_many_checks_whoever_knows_the_name(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D13: one tenant, two, or none."""
    for tenant, user in (("here", "bob"), ("here", "kim"), ("there", "kim")):
        save_account(url, Account(tenant=tenant, kind="contact", person=user, user=user), "right")
    checked: list[str] = []

    def check(password: str, kept: str) -> bool:
        checked.append(kept)
        return False

    async def story(desk: AccountDesk) -> None:
        monkeypatch.setattr(hasher, "verify", check)
        for user in ("bob", "kim", "nobody"):
            checked.clear()
            assert await desk.log_in(user, "wrong") is None
            assert len(checked) == 2

    play(url, story)


def test_sample_accounts_are_made_once_and_never_restored(url: str) -> None:
    """C16: whatever became of them: another password, another person, out of use, deleted."""
    sample = read_sample()
    changed, handed, retired, gone, *_ = [login.account for login in sample.logins]
    make_accounts(url, sample)
    save_account(url, changed, "changed")
    save_account(url, replace(handed, person="somebody-else"), "changed")
    with psycopg.connect(url) as db:
        db.execute("update accounts set active = false where user_name = %s", [retired.user])
        db.execute("delete from accounts where user_name = %s", [gone.user])
    made = _accounts(url)
    make_accounts(url, sample)
    assert _accounts(url) == made
    assert len(made) == len(sample.logins) - 1

    async def story(desk: AccountDesk) -> None:
        opened = [
            await desk.log_in(login.account.user, login.password, login.account.tenant)
            for login in sample.logins
        ]
        assert [session is not None for session in opened] == [False] * 4 + [True] * (len(made) - 3)

    play(url, story)


def test_the_sample_passwords_follow_the_rule() -> None:
    """D13"""
    for login in read_sample().logins:
        assert password_problem(login.password, words_about(login.account)) is None


def test_a_platform_with_an_account_gets_no_sample_accounts(url: str) -> None:
    """C16: on a server of one's own, their passwords are known to everybody."""
    save_account(url, Account(tenant="here", kind="agent", person="amy", user="amy"), "her own")
    make_accounts(url, read_sample())
    assert len(_accounts(url)) == 1


def _accounts(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as db:
        return db.execute("select * from accounts order by id").fetchall()
