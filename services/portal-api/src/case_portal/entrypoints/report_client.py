"""How the command line asks the portal's API for reports, and tells what came."""

import os
from collections.abc import Callable
from typing import Any

import click
import httpx

WITHIN = 120
Command = Callable[..., None]


class _WrongQuestion(click.ClickException):
    exit_code = 2


PERIOD = (
    click.option("--since", help="A date or instant; the first of this month."),
    click.option("--until", help="A date (not included) or instant; now."),
)


def asked_of(
    filters: tuple[str, ...], period: tuple[Callable[[Command], Command], ...] = PERIOD
) -> Callable[[Command], Command]:
    """The options that all reports have, with what each can be narrowed down to."""
    options: list[Callable[[Command], Command]] = [
        *period,
        *(
            click.option(f"--{name.replace('_', '-')}", name, multiple=True,
                         help="Only of this one; may be said again.")
            for name in filters
        ),
        click.option("--csv", "how", flag_value="csv", help="CSV."),
        click.option("--json", "how", flag_value="json", help="The API's answer as it is."),
        click.option("--tenant", help="Where one user name is known at several."),
        click.option("--user", envvar="CASEFOLD_USER", help="An agent or auditor."),
    ]  # fmt: skip

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def table(rows: list[list[str]], nothing: str) -> None:
    """Rows with their columns below each other; a sentence where there is none."""
    if not rows:
        click.echo(nothing)
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("   ".join([*cells, *row[len(widths) :]]).rstrip())


def get_report(
    name: str, how: str | None, more: dict[str, Any], asked: dict[str, Any]
) -> httpx.Response:
    """The answer of the API; a sentence and an exit code where it has none."""
    base = os.environ.get("CASEFOLD_PORTAL_URL", "http://127.0.0.1:8080")
    user, tenant = asked.pop("user"), asked.pop("tenant")
    query = {key: value for key, value in (asked | more).items() if value}
    if how == "csv":
        query["format"] = "csv"
    try:
        with httpx.Client(base_url=f"{base}/api/v1", timeout=WITHIN) as client:
            token = os.environ.get("CASEFOLD_TOKEN") or _log_in(client, user, tenant)
            headers = {"Authorization": f"Bearer {token}"}
            return _good(client.get(f"/reports/{name}", params=query, headers=headers))
    except httpx.TransportError as error:
        raise click.ClickException(
            f"the portal does not answer at {base} ({error}); is the platform running? "
            "CASEFOLD_PORTAL_URL says where"
        ) from error


def _log_in(client: httpx.Client, user: str | None, tenant: str | None) -> str:
    if not user:
        raise click.UsageError("say who you are: --user (and CASEFOLD_PASSWORD), or CASEFOLD_TOKEN")
    password = os.environ.get("CASEFOLD_PASSWORD") or click.prompt("Password", hide_input=True)
    said = {"user": user, "password": password, "tenant": tenant}
    token: str = _good(client.post("/session", json=said)).json()["token"]
    return token


def _good(answer: httpx.Response) -> httpx.Response:
    """The answer, or the sentence of why not: with exit 2 where what was asked is wrong."""
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
        said = [f"{fault['field']}: {fault['detail']}" for fault in problem.get("errors", [])]
        sentence = "; ".join(said) or problem["detail"]
    except (ValueError, KeyError):
        sentence = f"the portal answered {answer.status_code}"
    raise _WrongQuestion(sentence) if answer.status_code == 422 else click.ClickException(sentence)
