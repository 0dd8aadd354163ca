"""Commands about the portal's accounts: `casefold portal account`, `administrator`, `close`,
`tokens`."""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, get_args
from uuid import UUID

import click
import psycopg

from case_portal.access.accounts import (
    close_account,
    revoke_token,
    save_account,
    save_first_agent,
    save_token,
    tokens_of,
)
from case_portal.access.own_account import MOST_DAYS
from case_portal.access.passwords import LONGEST, password_problem
from case_portal.access.ports import TokenReach
from case_portal.access.problems import USER_NAME
from case_portal.access.user_names import folded, words_about
from case_portal.core.principal import Account, PersonKind
from case_portal.web.api_client import table

NOT_KEPT = "The {} could not be kept; is the platform running? {}"
T = TypeVar("T")


def _named(context: click.Context, option: click.Parameter, url: str | None) -> str:
    if not url:
        raise click.UsageError(
            "no platform ran on this machine; say where the portal's own database is: "
            "--database-url, or CASEFOLD_DATABASE_URL"
        )
    return url


def _password(context: click.Context, option: click.Parameter, from_stdin: bool) -> str:
    """The password, from the first line of standard input or from a prompt. It is never an
    argument, because every user of a machine can read the arguments of its processes."""
    if from_stdin:
        return sys.stdin.readline(LONGEST + 2).removesuffix("\n")
    prompted: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return prompted


password_option = click.option(
    "--password-stdin",
    "password",
    is_flag=True,
    callback=_password,
    help="Read the password from standard input; where it is left out, it is asked for.",
)
database_option = click.option(
    "--database-url",
    envvar="CASEFOLD_DATABASE_URL",
    is_eager=True,
    callback=_named,
    help="The portal's own database; where it is left out, CASEFOLD_DATABASE_URL, or else that of "
    "the platform on this machine.",
)
tenant_option = click.option("--tenant", required=True, help="The tenant's id.")
user_option = click.option("--user", required=True, help="What the account logs in with.")


@click.group()
def portal() -> None:
    """Look after the portal's accounts."""


@portal.command()
@tenant_option
@click.option("--kind", required=True, type=click.Choice(get_args(PersonKind)))
@click.option("--person", required=True, metavar="ID", help="Their id in the directory.")
@click.option("--user", required=True, help="What they log in with: their mail address.")
@password_option
@database_option
def account(
    tenant: str, kind: PersonKind, person: str, user: str, password: str, database_url: str
) -> None:
    """Make an account, or give an existing one another password or person.

    Its sessions and API tokens end. The portal must have been started once, because it creates the
    tables when it starts.
    """
    made = _sound(Account(tenant=tenant, kind=kind, person=person, user=user), password)
    _kept("account", save_account, database_url, made, password)
    click.echo(f"{made.user} logs in as {kind} {person} of {tenant}.")


@portal.command()
@tenant_option
@click.option("--agent", required=True, metavar="ID", help="Their id in the directory.")
@click.option("--user", required=True, help="What they log in with.")
@password_option
@database_option
def administrator(tenant: str, agent: str, user: str, password: str, database_url: str) -> None:
    """Make the account of a tenant's first administrator: once, before any agent has one.

    The directory must give the agent the role `administrator`. Administrators invite the contacts.
    """
    made = _sound(Account(tenant=tenant, kind="agent", person=agent, user=user), password)
    if not _kept("account", save_first_agent, database_url, made, password):
        raise click.ClickException(
            f"{tenant} has an agent who logs in. Further accounts: casefold portal account."
        )
    click.echo(f"{made.user} logs in as agent {agent} of {tenant}, its first administrator.")


@portal.command()
@tenant_option
@user_option
@database_option
def close(tenant: str, user: str, database_url: str) -> None:
    """Close an account: nobody logs in with it, and its sessions and API tokens end.

    `casefold portal account` opens it again, with another password.
    """
    if not _kept("account", close_account, database_url, tenant, user):
        raise click.ClickException(_no_account(tenant, user))
    click.echo(f"{user} of {tenant} no longer logs in.")


@portal.group()
def tokens() -> None:
    """API tokens, with which programs use the portal's API as an account."""


@tokens.command("make")
@tenant_option
@user_option
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--reach",
    default="read",
    show_default=True,
    type=click.Choice(get_args(TokenReach)),
    help="Only to read, or also to write.",
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, MOST_DAYS))
@database_option
def make(
    tenant: str, user: str, name: str, reach: TokenReach, days: int, database_url: str
) -> None:
    """Make a token, and print it.

    Send it as `Authorization: Bearer`. It is shown once, and stored as a hash.
    """
    holds = timedelta(days=days)
    made = _kept("token", save_token, database_url, tenant, user, name, reach, holds)
    if not made:
        raise click.ClickException(_no_account(tenant, user))
    click.echo(made)


@tokens.command("list")
@tenant_option
@user_option
@database_option
def list_tokens(tenant: str, user: str, database_url: str) -> None:
    """List the tokens of an account that are valid: never their secrets."""
    found = _kept("tokens", tokens_of, database_url, tenant, user)
    rows = [
        [str(one.id), one.name, one.reach, f"until {one.expires_at:%Y-%m-%d}",
         f"used {one.used_at:%Y-%m-%d}" if one.used_at else "not used yet"]
        for one in found
    ]  # fmt: skip
    table(rows, f"{user} of {tenant} has no token.")


@tokens.command("revoke")
@tenant_option
@user_option
@click.argument("token", type=click.UUID)
@database_option
def revoke(tenant: str, user: str, token: UUID, database_url: str) -> None:
    """Revoke a token, by its id in the list. It is refused from then on."""
    if not _kept("token", revoke_token, database_url, tenant, user, token):
        raise click.ClickException(f"{user} of {tenant} has no token {token}.")
    click.echo("The token is revoked.")


def _sound(account: Account, password: str) -> Account:
    """The account under its folded user name, if the name and the password follow the rules of all
    ways in. Raises `ClickException`."""
    user = folded(account.user)
    if not user:
        raise click.ClickException(USER_NAME.reason)
    if problem := password_problem(password, words_about(account)):
        raise click.ClickException(problem.reason)
    return Account(tenant=account.tenant, kind=account.kind, person=account.person, user=user)


def _kept(what: str, keep: Callable[..., T], *values: Any) -> T:
    try:
        return keep(*values)
    except psycopg.Error as error:
        raise click.ClickException(NOT_KEPT.format(what, error)) from error


def _no_account(tenant: str, user: str) -> str:
    return f"{tenant} has no account of {user}."
