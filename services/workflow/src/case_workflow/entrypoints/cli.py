"""`casefold case history|verify`: shows and verifies case histories of a running platform."""

import json
from typing import Any
from urllib.parse import quote

import click
from case_events.tokens.tools import NoAnswer, ask_workflow


@click.group()
def case() -> None:
    """Show the history of a case, and verify it."""


@case.command()
@click.argument("reference")
@click.option("--tenant", default="", help="The tenant, if several tenants have such a case.")
@click.option("--json", "as_json", is_flag=True, help="Every event in full, as one line of JSON.")
def history(reference: str, tenant: str, as_json: bool) -> None:
    """Show every event of the case REFERENCE.

    It shows who did what, when, in which capacity and over which channel.
    """
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
@click.option("--all", "everything", is_flag=True, help="Verify every case of every tenant.")
@click.option("--tenant", default="", help="The tenant, if several tenants have such a case.")
def verify(reference: str | None, everything: bool, tenant: str) -> None:
    """Verify the hash chain of the case REFERENCE, or of all cases.

    It exits with 1 if a chain is broken.
    """
    if bool(reference) == everything:
        raise click.UsageError("name one reference, or --all")
    answer = _ask("/verify", {"reference": reference or "", "tenant": tenant})
    for flaw in answer["flaws"]:
        click.echo(f"case {flaw['case']}, event {flaw['version']}: {flaw['why']}")
    click.echo(f"{answer['events']} events of {answer['cases']} cases read, "
               f"{len(answer['flaws'])} cases do not fit")  # fmt: skip
    click.echo("No verification finds these alterations:")
    for alteration in answer["not_seen"]:
        click.echo(f"- {alteration}")
    if answer["flaws"]:
        raise SystemExit(1)


def _ask(path: str, query: dict[str, str]) -> Any:
    try:
        with ask_workflow(path, query) as answer:
            return json.load(answer)
    except NoAnswer as error:
        raise click.ClickException(str(error)) from error
