"""Accounts and sessions on a real PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from case_events.runtime.postgres import migrate
from case_portal.access.accounts import PostgresAccounts, hasher, save_account, standing_accounts
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


def test_a_sample_account_that_stands_keeps_its_password(url: str) -> None:
    """Those that are missing are made, those of another person or out of use are made anew."""
    sample = read_sample()
    first, second, third, *_ = accounts = [login.account for login in sample.logins]
    save_account(url, first, "changed")
    save_account(url, replace(second, person="somebody-else"), "changed")
    save_account(url, third, "changed")
    with psycopg.connect(url) as db:
        db.execute("update accounts set active = false where user_name = %s", [third.user])
    make_accounts(url, sample)
    make_accounts(url, sample)
    assert {*standing_accounts(url, [one.user for one in accounts])} == {*accounts}

    async def work(pool: AsyncConnectionPool[Any]) -> None:
        for login in sample.logins[:3]:
            known = PostgresAccounts(pool, timedelta(hours=1))
            password = "changed" if login.account == first else login.password
            assert await known.log_in(login.account.user, password, login.account.tenant)

    asyncio.run(_with_pool(url, work))
