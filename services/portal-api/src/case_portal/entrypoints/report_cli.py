"""`casefold report`: what the portal's API counts, on the command line."""

import os
from collections.abc import Callable
from typing import Any

import click
import httpx
from case_clocks.wording import span_text

from case_portal.application.reports import DIMENSIONS
from case_portal.application.topics import TOPIC_DIMENSIONS

WITHIN = 120
FILTERS = ("target", "customer", "agreement", "case_type", "priority", "team", "agent")
TOPIC_FILTERS = ("customer", "case_type")
Command = Callable[..., None]


class _WrongQuestion(click.ClickException):
    exit_code = 2


@click.group()
def report() -> None:
    """Reports of a running platform, for agents and auditors."""


def _asked(filters: tuple[str, ...]) -> Callable[[Command], Command]:
    """The options that all reports have, with what each can be narrowed down to."""
    options = [
        click.option("--since", help="A date or instant; the first of this month."),
        click.option("--until", help="A date (not included) or instant; now."),
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


_as_of = click.option("--as-of", help="Count what was known at this instant.")


@report.command("attainment")
@click.option("--by", multiple=True, type=click.Choice(DIMENSIONS), default=("target",))
@_as_of
@_asked(FILTERS)
def attainment(by: tuple[str, ...], how: str | None, **asked: Any) -> None:
    """How much of what was promised was kept. CASEFOLD_TOKEN, or --user and CASEFOLD_PASSWORD."""
    answer = _get("attainment", how, {"by": by}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            *line["group"].values(),
            f"{line['kept']:,} of {line['total']:,}",
            line["share"],
            f"promised {line['promised'] * 100:g} %",
            "kept" if line["is_kept"] else "NOT KEPT",
            f"{line['unanswered']:,} unanswered" if line["unanswered"] else "",
        ]
        for line in answer.json()["lines"]
    ]
    _table(rows, "Nothing was decided in this period.")


@report.command("breaches")
@_as_of
@_asked(FILTERS)
def breaches(how: str | None, **asked: Any) -> None:
    """What was missed, why, and in whose hands it was."""
    answer = _get("breaches", how, {}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            one["reference"],
            one["target"],
            one["due"],
            f"{span_text(one['late'])} late" if one["late"] is not None else "open",
            one["cause"] or "time ran out",
            *(f"{h['hands']} in {h['status']}: {span_text(h['counted'])}"
              for h in one["held"][:1]),
        ]
        for one in answer.json()["breaches"]
    ]  # fmt: skip
    _table(rows, "Nothing was missed in this period.")


@report.command("topics")
@click.option("--by", multiple=True, type=click.Choice(TOPIC_DIMENSIONS))
@_asked(TOPIC_FILTERS)
def topics(by: tuple[str, ...], how: str | None, **asked: Any) -> None:
    """What the cases of a period are about, most reported first, and the articles on it."""
    answer = _get("topics", how, {"by": by}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            *line["group"].values(),
            line["name"] or "(not said)",
            f"{line['cases']:,} case{'s' if line['cases'] != 1 else ''}",
            f"{line['contacts']:,} contact{'s' if line['contacts'] != 1 else ''}",
            f"{line['articles']:,} article{'s' if line['articles'] != 1 else ''}",
        ]
        for line in answer.json()["lines"]
    ]
    _table(rows, "No case came in during this period.")


def _table(rows: list[list[str]], nothing: str) -> None:
    if not rows:
        click.echo(nothing)
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("   ".join([*cells, *row[len(widths) :]]).rstrip())


def _get(name: str, how: str | None, more: dict[str, Any], asked: dict[str, Any]) -> httpx.Response:
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
