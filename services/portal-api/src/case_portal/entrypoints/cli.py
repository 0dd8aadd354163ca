"""Commands about the portal: `casefold portal account`, `casefold portal administrator`."""

from typing import get_args

import click
import psycopg

from case_portal.adapters.accounts import save_account, save_first_agent
from case_portal.application.access_problems import password_problem
from case_portal.application.principal import Account, PersonKind

password_option = click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
database_option = click.option(
    "--database-url",
    envvar="CASEFOLD_DATABASE_URL",
    required=True,
    help="The portal's own database; CASEFOLD_DATABASE_URL where it is left out.",
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

    The portal must have been started once, so that its tables are there.
    """
    made = Account(tenant=tenant, kind=kind, person=person, user=user)
    try:
        save_account(database_url, made, password)
    except psycopg.Error as error:
        raise click.ClickException(f"The account could not be kept: {error}") from error
    click.echo(f"{user} logs in as {kind} {person} of {tenant}.")


@portal.command()
@click.option("--tenant", required=True, help="The tenant's id.")
@click.option("--agent", required=True, metavar="ID", help="Their id in the directory.")
@click.option("--user", required=True, help="What they log in with.")
@password_option
@database_option
def administrator(tenant: str, agent: str, user: str, password: str, database_url: str) -> None:
    """Make the account of a tenant's first administrator: once, before any agent has one.

    The directory has to know the agent with the role `administrator`. They invite the contacts.
    """
    if problem := password_problem(password, user.strip().lower()):
        raise click.ClickException(problem.reason)
    made = Account(tenant=tenant, kind="agent", person=agent, user=user)
    try:
        kept = save_first_agent(database_url, made, password)
    except psycopg.Error as error:
        raise click.ClickException(f"The account could not be kept: {error}") from error
    if not kept:
        raise click.ClickException(
            f"{tenant} has an agent who logs in. Further accounts: casefold portal account."
        )
    click.echo(f"{user} logs in as agent {agent} of {tenant}, its first administrator.")
