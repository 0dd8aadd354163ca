"""Commands about the portal: `casefold portal account`, `administrator`, `token`."""

from datetime import timedelta
from typing import get_args

import click
import psycopg

from case_portal.access.accounts import save_account, save_first_agent, save_token
from case_portal.access.problems import password_problem
from case_portal.core.principal import Account, PersonKind

NOT_KEPT = "The {} could not be kept; is the platform running? {}"
password_option = click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)


def _named(context: click.Context, option: click.Parameter, url: str | None) -> str:
    if not url:
        raise click.UsageError(
            "no platform ran on this machine; say where the portal's own database is: "
            "--database-url, or CASEFOLD_DATABASE_URL"
        )
    return url


database_option = click.option(
    "--database-url",
    envvar="CASEFOLD_DATABASE_URL",
    callback=_named,
    help="The portal's own database; where it is left out, CASEFOLD_DATABASE_URL, or else that of "
    "the platform on this machine.",
)


@click.group()
def portal() -> None:
    """Look after the portal's accounts."""


@portal.command()
@click.option("--tenant", required=True, help="The tenant's id.")
@click.option("--kind", required=True, type=click.Choice(get_args(PersonKind)))
@click.option("--person", required=True, metavar="ID", help="Their id in the directory.")
@click.option("--user", required=True, help="What they log in with: their mail address.")
@password_option
@database_option
def account(
    tenant: str, kind: PersonKind, person: str, user: str, password: str, database_url: str
) -> None:
    """Make an account, or give an existing one another person or password.

    The portal must have been started once, because it creates the tables when it starts.
    """
    made = Account(tenant=tenant, kind=kind, person=person, user=user)
    try:
        save_account(database_url, made, password)
    except psycopg.Error as error:
        raise click.ClickException(NOT_KEPT.format("account", error)) from error
    click.echo(f"{user} logs in as {kind} {person} of {tenant}.")


@portal.command()
@click.option("--tenant", required=True, help="The tenant's id.")
@click.option("--agent", required=True, metavar="ID", help="Their id in the directory.")
@click.option("--user", required=True, help="What they log in with.")
@password_option
@database_option
def administrator(tenant: str, agent: str, user: str, password: str, database_url: str) -> None:
    """Make the account of a tenant's first administrator: once, before any agent has one.

    The directory must give the agent the role `administrator`. Administrators invite the contacts.
    """
    if problem := password_problem(password, user.strip().lower()):
        raise click.ClickException(problem.reason)
    made = Account(tenant=tenant, kind="agent", person=agent, user=user)
    try:
        kept = save_first_agent(database_url, made, password)
    except psycopg.Error as error:
        raise click.ClickException(NOT_KEPT.format("account", error)) from error
    if not kept:
        raise click.ClickException(
            f"{tenant} has an agent who logs in. Further accounts: casefold portal account."
        )
    click.echo(f"{user} logs in as agent {agent} of {tenant}, its first administrator.")


@portal.command()
@click.option("--tenant", required=True, help="The tenant's id.")
@click.option("--user", required=True, help="What the account logs in with.")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3650))
@database_option
def token(tenant: str, user: str, name: str, days: int, database_url: str) -> None:
    """Make a token with which a program uses the portal's API as an account, and print it.

    Send it as `Authorization: Bearer`. It is shown once, and stored as a hash.
    """
    try:
        made = save_token(database_url, tenant, user, name, timedelta(days=days))
    except psycopg.Error as error:
        raise click.ClickException(NOT_KEPT.format("token", error)) from error
    if not made:
        raise click.ClickException(f"{tenant} has no account of {user}.")
    click.echo(made)
