"""`casefold calendar`: sums of working time, as JSON."""

import sys
from collections.abc import Callable
from typing import IO, Any

import click

from case_definition.calendar.documents import answer_documents
from case_definition.calendar.fields import calendar_of, members, read_field
from case_definition.calendar.instants import parse_instant, parse_seconds, seconds
from case_definition.calendar.model import InvalidCalendar
from case_definition.calendar.working_time import NeverOpens, WorkingTime

_FILE = click.argument("file", type=click.File("rb"), default="-")


@click.group()
def calendar() -> None:
    """Sums of working time on a calendar, for anyone to check."""


@calendar.command()
@_FILE
def add(file: IO[bytes]) -> None:
    """Print the instant at which SECONDS of open time have passed since START."""
    sys.exit(answer_documents(file.read(), _add))


@calendar.command()
@_FILE
def between(file: IO[bytes]) -> None:
    """Print the open time from START to END."""
    sys.exit(answer_documents(file.read(), _between))


@calendar.command()
@_FILE
def subtract(file: IO[bytes]) -> None:
    """Print the latest instant from which SECONDS of open time reach END."""
    sys.exit(answer_documents(file.read(), _subtract))


def _add(document: dict[str, Any]) -> dict[str, Any]:
    members(document, "calendar", "start", "seconds")
    working_time = calendar_of(document["calendar"])
    start = read_field(document, "start", parse_instant)
    span = read_field(document, "seconds", parse_seconds)
    return {"due": _moment(working_time, lambda: working_time.add(start, span))}


def _between(document: dict[str, Any]) -> dict[str, Any]:
    members(document, "calendar", "start", "end")
    working_time = calendar_of(document["calendar"])
    start = read_field(document, "start", parse_instant)
    return {
        "seconds": seconds(working_time.between(start, read_field(document, "end", parse_instant)))
    }


def _subtract(document: dict[str, Any]) -> dict[str, Any]:
    members(document, "calendar", "end", "seconds")
    working_time = calendar_of(document["calendar"])
    end = read_field(document, "end", parse_instant)
    span = read_field(document, "seconds", parse_seconds)
    return {"start": _moment(working_time, lambda: working_time.subtract(end, span))}


def _moment(working_time: WorkingTime, instant: Callable[[], int]) -> str:
    try:
        return working_time.zone.moment(instant()).isoformat()
    except NeverOpens as error:
        raise InvalidCalendar("calendar", str(error)) from None
