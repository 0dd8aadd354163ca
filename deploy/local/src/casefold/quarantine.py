"""`casefold quarantine list|release|discard`: records that do not come from whom they name."""

import click

from casefold.operators import ask, ask_all, services

_place = click.argument("place", type=click.IntRange(min=1))
_service = click.argument("service", type=click.Choice(services()))
_reason = click.option("--reason", required=True, help="Why; it stays on record.")


@click.group()
def quarantine() -> None:
    """Records whose signature fits no service that may write their topic: what waits, and why."""


@quarantine.command(name="list")
def list_() -> None:
    """Every record that waits in the quarantine of a service."""
    found = 0
    for service, answer in ask_all("GET", "/quarantine"):
        for record in answer:
            found += 1
            shown = {name: _shown(str(value)) for name, value in record.items()}
            click.echo(
                f"{service:<9} {shown['place']}  {shown['at']}  {shown['topic']}/"
                f"{shown['partition']}@{shown['offset']}  {shown['type'] or 'no type'}"
                f" of {shown['source'] or 'nobody'}: {shown['reason']}"
            )
    click.echo(f"{found} records wait")


@quarantine.command()
@_service
@_place
@_reason
def release(service: str, place: int, reason: str) -> None:
    """Vouch for a record: it is taken after all, as if its service had signed it.

    Reference data is taken at the next start of each replica. To publish it again, signed, is
    better.
    """
    _decide(service, place, "release", reason)


@quarantine.command()
@_service
@_place
@_reason
def discard(service: str, place: int, reason: str) -> None:
    """Leave a record out for ever. It stays in the table, with the reason."""
    _decide(service, place, "discard", reason)


def _decide(service: str, place: int, verdict: str, reason: str) -> None:
    answer = ask(service, "POST", f"/quarantine/{place}/{verdict}", {"reason": reason})
    if not answer["decided"]:
        raise click.ClickException(f"no record waits at place {place} of {service}")
    click.echo(f"{service}: record {place} is {answer['decided']}")


def _shown(text: str) -> str:
    """What a forged record says of itself, without what would move a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
