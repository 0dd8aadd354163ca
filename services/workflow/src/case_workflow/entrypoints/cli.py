"""`casefold case history|verify`: prints and verifies the case history of a running platform."""

import json
import os
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import click
from case_events.tokens import tools

WITHIN = 600


@click.group()
def case() -> None:
    """The history of a case, and its verification."""


@case.command()
@click.argument("reference")
@click.option("--tenant", default="", help="Whose case, where two tenants use one reference.")
@click.option("--json", "as_json", is_flag=True, help="Everything, one JSON line an event.")
def history(reference: str, tenant: str, as_json: bool) -> None:
    """Print every event of the case REFERENCE: who, when, in which capacity, by which channel."""
    answer = _ask(f"/history/{quote(reference)}", {"tenant": tenant})
    for event in answer["events"]:
        if as_json:
            click.echo(json.dumps(event, ensure_ascii=False))
            continue
        step = f"{event['from_status'] or '·'} → {event['to_status']}" if event["to_status"] else ""
        who = event["actor"] if event["capacity"] in event["actor"] else (
            f"{event['actor']} as {event['capacity']}"
        )  # fmt: skip
        click.echo(
            f"{event['version']:>4}  {event['occurred_at'][:23]:<23}  {event['type']:<18}"
            f"  {step:<26}  {who:<28}  {event['channel']:<7}  {event['definition']}"
        )


@case.command()
@click.argument("reference", required=False)
@click.option("--all", "everything", is_flag=True, help="Every case of every tenant.")
@click.option("--tenant", default="", help="Whose case, where two tenants use one reference.")
def verify(reference: str | None, everything: bool, tenant: str) -> None:
    """Recompute the hash chain of the case REFERENCE, or of all; exit 1 if one is broken."""
    if bool(reference) == everything:
        raise click.UsageError("name one reference, or --all")
    answer = _ask("/verify", {"reference": reference or "", "tenant": tenant})
    for flaw in answer["flaws"]:
        click.echo(f"case {flaw['case']}, event {flaw['version']}: {flaw['why']}")
    click.echo(f"{answer['events']} events of {answer['cases']} cases read, "
               f"{len(answer['flaws'])} cases do not fit")  # fmt: skip
    click.echo("No verification sees these:")
    for alteration in answer["not_seen"]:
        click.echo(f"- {alteration}")
    if answer["flaws"]:
        raise SystemExit(1)


def _ask(path: str, query: dict[str, str]) -> Any:
    base = os.environ.get("CASEFOLD_WORKFLOW_URL", "http://127.0.0.1:8082")
    url = f"{base}{path}?{urlencode(query)}"
    try:
        request = Request(url, headers=tools.shown())  # noqa: S310 - the operator's own address
        with urlopen(request, timeout=WITHIN) as answer:  # noqa: S310
            return json.load(answer)
    except tools.NoSecret as error:
        raise click.ClickException(str(error)) from error
    except HTTPError as error:
        reason = json.load(error).get("reason", str(error))
        raise click.ClickException(reason) from error
    except URLError as error:
        raise click.ClickException(
            f"workflow does not answer at {base} ({error.reason}); "
            "is the platform running? CASEFOLD_WORKFLOW_URL says where"
        ) from error
