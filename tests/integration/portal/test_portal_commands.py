"""The commands about the portal's accounts, on a real PostgreSQL."""

from datetime import timedelta

import psycopg
import pytest
from case_portal.access.accounts import save_account, save_token
from click.testing import Result

from tests.integration.portal.portal_accounts import BOB, LONG, AccountDesk, play, prepare, run
from tests.support.real.servers import Databases

pytestmark = pytest.mark.real


@pytest.fixture
def url(databases: Databases) -> str:
    """A fresh database of the portal."""
    return databases.fresh(prepare)


@pytest.mark.parametrize("password", ["a", "1234567890", "password1234", "bob@acme.example"])
@pytest.mark.parametrize("command", ["account", "administrator"])
def test_commands_take_no_password_that_is_easy_to_guess(
    url: str, command: str, password: str
) -> None:
    """D13: the rule of the pages is that of the commands. It is never an argument."""
    options = ["--tenant", "here", "--user", "bob@acme.example"]
    who = ["--kind", "contact", "--person", "bob"] if command == "account" else ["--agent", "bob"]
    refused = run(url, command, *options, *who, "--password-stdin", typed=f"{password}\n")
    assert refused.exit_code == 1
    assert "password" in refused.output.lower()
    asked = run(url, command, *options, *who, typed=f"{LONG}\n{LONG}\n")
    assert asked.exit_code == 0, asked.output
    assert LONG not in asked.output
    assert run(url, command, *options, *who, "--password", LONG).exit_code == 2


def test_tokens_are_listed_and_revoked_by_commands(url: str) -> None:
    """D13: by their ids; never with their secrets."""
    save_account(url, BOB, LONG)
    token = save_token(url, "here", "bob", "archive", "read", timedelta(days=1))
    of_bob = ["--tenant", "here", "--user", "bob"]
    listed = run(url, "tokens", "list", *of_bob).output
    assert "archive   read" in listed
    assert "not used yet" in listed
    assert token not in listed
    number = listed.split()[0]
    assert run(url, "tokens", "revoke", "--tenant", "here", "--user", "eve", number).exit_code == 1
    assert run(url, "tokens", "revoke", *of_bob, number).exit_code == 0

    async def story(desk: AccountDesk) -> None:
        assert await desk.who(token) is None

    play(url, story)
    assert "has no token" in run(url, "tokens", "list", *of_bob).output
    assert run(url, "tokens", "revoke", *of_bob, number).exit_code == 1


def test_the_first_administrator_is_made_once(url: str) -> None:
    """D13: before any agent of the tenant has an account; of another tenant is none of it."""
    options = ["administrator", "--user", "amy@desk.example", "--password-stdin"]

    def make(*more: str, password: str = LONG) -> Result:
        return run(url, *options, *more, typed=password)

    assert make("--tenant", "here", "--agent", "amy", password="short").exit_code == 1
    first = make("--tenant", "here", "--agent", "amy")
    assert first.exit_code == 0, first.output
    again = make("--tenant", "here", "--agent", "dirk", "--user", "dirk@desk.example")
    assert again.exit_code == 1
    assert "casefold portal account" in again.output
    assert make("--tenant", "there", "--agent", "eve").exit_code == 0
    with psycopg.connect(url) as connection:
        rows = connection.execute("select tenant, kind, person from accounts order by tenant")
        assert rows.fetchall() == [("here", "agent", "amy"), ("there", "agent", "eve")]
