"""Accounts and sessions on a real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from case_events.runtime.postgres import migrate
from case_portal.access.accounts import PostgresAccounts, hasher, save_account
from case_portal.access.cli import portal
from case_portal.core.principal import Account
from casefold.samples import make_accounts, read_sample
from click.testing import CliRunner, Result
from msgspec.structs import replace
from psycopg_pool import AsyncConnectionPool

from tests.support.real.servers import Databases

pytestmark = pytest.mark.real


def _migrate(url: str) -> None:
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database of the portal."""
    return databases.fresh(_migrate)


async def _with_pool(url: str, work: Callable[[AsyncConnectionPool[Any]], Awaitable[None]]) -> None:
    async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
        await work(pool)


def test_accounts_sessions_and_tokens(url: str) -> None:
    """One account by the command, and a token of it; a session by its password; nothing by
    anything else."""
    command = ["account", "--tenant", "here", "--kind", "contact", "--person", "bob",
               "--user", "Bob@Acme.example", "--password", "s3cret"]  # fmt: skip
    done = CliRunner().invoke(portal, command, env={"CASEFOLD_DATABASE_URL": url})
    assert done.exit_code == 0, done.output
    asked = ["token", "--tenant", "here", "--name", "archive"]
    environment = {"CASEFOLD_DATABASE_URL": url}
    made = CliRunner().invoke(portal, [*asked, "--user", "Bob@Acme.example"], env=environment)
    nobody = CliRunner().invoke(portal, [*asked, "--user", "eve"], env=environment)
    assert (nobody.exit_code, "no account" in nobody.output) == (1, True)

    async def work(pool: AsyncConnectionPool[Any]) -> None:
        accounts = PostgresAccounts(pool, timedelta(hours=1))
        assert await accounts.log_in("bob@acme.example", "wrong", None) is None
        assert await accounts.log_in("eve@acme.example", "s3cret", None) is None
        assert await accounts.log_in("bob@acme.example", "s3cret", "there") is None
        session = await accounts.log_in("BOB@acme.example ", "s3cret", None)
        assert session is not None
        held = await accounts.session(session.token)
        assert held is not None
        assert (held.account.tenant, held.account.person) == ("here", "bob")
        assert await accounts.session("x" + session.token) is None
        await accounts.log_out(session.token)
        assert await accounts.session(session.token) is None
        ended = await PostgresAccounts(pool, timedelta(0)).log_in(
            "bob@acme.example", "s3cret", None
        )
        assert ended is not None
        assert await accounts.session(ended.token) is None
        by_program = await accounts.session(made.output.strip())
        assert by_program is not None
        assert by_program.account.person == "bob"

    asyncio.run(_with_pool(url, work))
    with psycopg.connect(url) as connection:
        row = connection.execute("select password_hash from accounts").fetchone()
        assert row is not None
        assert row[0].startswith("$argon2id$")


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

    async def work(pool: AsyncConnectionPool[Any]) -> None:
        accounts = PostgresAccounts(pool, timedelta(hours=1))
        monkeypatch.setattr(hasher, "verify", check)
        for user in ("bob", "kim", "nobody"):
            checked.clear()
            assert await accounts.log_in(user, "wrong", None) is None
            assert len(checked) == 2

    asyncio.run(_with_pool(url, work))


def test_the_first_administrator_is_made_once(url: str) -> None:
    """D13: before any agent of the tenant has an account; of another tenant is none of it."""
    options = ["administrator", "--user", "amy@desk.example", "--password", "a long password"]
    environment = {"CASEFOLD_DATABASE_URL": url}

    def run(*more: str) -> Result:
        return CliRunner().invoke(portal, [*options, *more], env=environment)

    assert run("--tenant", "here", "--agent", "amy", "--password", "short").exit_code == 1
    first = run("--tenant", "here", "--agent", "amy")
    assert first.exit_code == 0, first.output
    again = run("--tenant", "here", "--agent", "dirk", "--user", "dirk@desk.example")
    assert again.exit_code == 1
    assert "casefold portal account" in again.output
    assert run("--tenant", "there", "--agent", "eve").exit_code == 0
    with psycopg.connect(url) as connection:
        rows = connection.execute("select tenant, kind, person from accounts order by tenant")
        assert rows.fetchall() == [("here", "agent", "amy"), ("there", "agent", "eve")]


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

    async def work(pool: AsyncConnectionPool[Any]) -> None:
        known = PostgresAccounts(pool, timedelta(hours=1))
        opened = [
            await known.log_in(login.account.user, login.password, login.account.tenant)
            for login in sample.logins
        ]
        assert [session is not None for session in opened] == [False] * 4 + [True] * (len(made) - 3)

    asyncio.run(_with_pool(url, work))


def test_a_platform_with_an_account_gets_no_sample_accounts(url: str) -> None:
    """C16: on a server of one's own, their passwords are known to everybody."""
    save_account(url, Account(tenant="here", kind="agent", person="amy", user="amy"), "her own")
    make_accounts(url, read_sample())
    assert len(_accounts(url)) == 1


def _accounts(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as db:
        return db.execute("select * from accounts order by id").fetchall()
