"""`casefold parked` and `casefold quarantine`: records that services hold back.

Parked records wait because their case cannot continue. Records in quarantine have a signature of no
service that may write their topic. Both groups ask each service at `/operations`.
"""

import getpass
from collections.abc import Callable
from typing import Any

import click

from casefold.operators import ask, ask_all, services

_service = click.argument("service", type=click.Choice(services()))
_case = click.argument("case_id", type=click.UUID)
_place = click.argument("place", type=click.IntRange(min=1))
_reason = click.option("--reason", required=True, help="The reason, which is stored.")

HeldRecord = dict[str, Any]


@click.group()
def parked() -> None:
    """List, retry or discard records whose case cannot continue."""


@parked.command("list")
def list_parked() -> None:
    """List the records that wait, in every service.

    The first record of a case shows the error.
    """
    _list_waiting("/parked", _parked_line)


@parked.command()
def discarded() -> None:
    """List the discarded records of every service, and the reasons."""
    for service, answer in ask_all("GET", "/discarded"):
        for record in answer:
            click.echo(f"{service:<9} {_parked_line(record)}")
            click.echo(f"          {record['at']} by {record['by']}: {record['reason']}")


@parked.command()
@_case
def retry(case_id: object) -> None:
    """Try all waiting records of a case again, in every service."""
    for service, answer in ask_all("POST", f"/parked/{case_id}/retry"):
        if answer["waiting"]:
            click.echo(f"{service}: {answer['waiting']} records are tried again")


@parked.command("discard")
@_service
@_case
@_reason
def discard_parked(service: str, case_id: object, reason: str) -> None:
    """Discard the first waiting record of a case.

    The service then tries the other records of the case again. A record of the history of cases is
    never discarded: every service has to process all of them.
    """
    why = {"reason": reason, "by": getpass.getuser()}
    record = ask(service, "POST", f"/parked/{case_id}/discard", why)
    click.echo(f"{service}: discarded {_parked_line(record)}")


@click.group()
def quarantine() -> None:
    """List, release or discard records with an invalid signature."""


@quarantine.command("list")
def list_quarantined() -> None:
    """List the records that wait in the quarantine of every service."""
    _list_waiting("/quarantine", _quarantined_line)


@quarantine.command()
@_service
@_place
@_reason
def release(service: str, place: int, reason: str) -> None:
    """Release a record from the quarantine.

    The service processes it as if its signature was valid. A record of reference data is processed
    at the next start of each replica. It is better to publish it again with a signature.
    """
    _decide(service, place, "release", reason)


@quarantine.command("discard")
@_service
@_place
@_reason
def discard_quarantined(service: str, place: int, reason: str) -> None:
    """Exclude a record for ever. It stays in the table, with the reason."""
    _decide(service, place, "discard", reason)


def _decide(service: str, place: int, verdict: str, reason: str) -> None:
    answer = ask(service, "POST", f"/quarantine/{place}/{verdict}", {"reason": reason})
    if not answer["decided"]:
        raise click.ClickException(f"no record waits at place {place} of {service}")
    click.echo(f"{service}: record {place} is {answer['decided']}")


def _list_waiting(path: str, line: Callable[[HeldRecord], str]) -> None:
    """Print a line for each record that waits, in every service, and their number."""
    found = 0
    for service, answer in ask_all("GET", path):
        for record in answer:
            found += 1
            click.echo(f"{service:<9} {line(record)}")
    click.echo(f"{found} records wait")


def _parked_line(record: HeldRecord) -> str:
    kind = record["type"] or "unreadable"
    return f"case {record['case']}  {_offset_of(record)}  {kind}: {record['error']}"


def _quarantined_line(record: HeldRecord) -> str:
    kind, source = record["type"] or "no type", record["source"] or "nobody"
    line = f"{record['place']}  {record['at']}  {_offset_of(record)}  {kind} of {source}"
    return _printable(f"{line}: {record['reason']}")


def _offset_of(record: HeldRecord) -> str:
    """Where a record is in Kafka."""
    return f"{record['topic']}/{record['partition']}@{record['offset']}"


def _printable(text: str) -> str:
    """A text from a forged record without characters that control a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
