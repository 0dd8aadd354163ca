"""`casefold sla what-if` over the histories of a running platform; it writes nothing."""

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec
from case_clocks.shares import is_kept, share_text
from case_clocks.terms import ALWAYS
from case_clocks.whatif import (
    CycleComparison,
    CycleOutcome,
    Tally,
    TenantTerms,
    compare,
    substituted,
    tallies,
)
from case_definition.calendar.fields import calendar_of
from case_definition.calendar.instants import instant_of, parse_instant, utc
from case_definition.calendar.model import InvalidCalendar
from case_definition.lookup.definition import compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.agreements import compile_agreement
from case_definition.source.yaml import Unreadable, read_source
from case_events.tokens.tools import NoAnswer
from case_events.wire.codec import decode_opened

from case_sla.adapters.platform import case_records, created_cases, terms

AT_ONCE = 250
"""The number of cases that a worker process gets at a time."""
SHOWN = 20
Changes = tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]

_worker: tuple[TenantTerms, TenantTerms, int] | None = None


def read_changes(agreements: Sequence[Path], calendars: Sequence[str]) -> Changes:
    """The agreements, and the calendars by name, that replace others.

    `calendars` are `NAME=FILE`. Raises `ClickException` with the file and the reason.
    """
    read = [_document(path) for path in agreements]
    named: dict[str, dict[str, Any]] = {}
    for given in calendars:
        name, _, path = given.partition("=")
        if not path:
            raise click.BadParameter("write NAME=FILE", param_hint="--calendar")
        named[name] = _document(Path(path))
        try:
            calendar_of(named[name])
        except InvalidCalendar as refused:
            raise click.ClickException(f"{path}: {refused.field}: {refused.rule}") from refused
    if not read and not named:
        raise click.UsageError("name another --agreement or --calendar")
    return read, named


def _document(path: Path) -> dict[str, Any]:
    try:
        data = read_source(path).data
    except (Unreadable, OSError) as failure:
        raise click.ClickException(f"{path}: {failure}") from failure
    if not isinstance(data, dict):
        raise click.ClickException(f"{path}: it is no mapping")
    return data


def one_case(reference: str, tenant: str, changes: Changes) -> list[CycleComparison]:
    """Compare the clocks of one case of the running platform under both terms."""
    try:
        history = case_records(reference, tenant)
        known = terms(history[0].tenant)
        other = _other(known, history[0].tenant, changes)
    except NoAnswer as error:
        raise click.ClickException(str(error)) from error
    now = instant_of(datetime.now(UTC))
    return list(compare(history, TenantTerms(known), TenantTerms(other), now))


def month(tenant: str, since: str, until: str, changes: Changes) -> Iterator[CycleComparison]:
    """Compare the clocks of every case that a tenant received in a period, under both terms.

    `since` and `until` are dates in the time zone of the tenant, or ISO 8601 instants. It computes
    in one process for each core. Raises `ClickException` if workflow does not answer.
    """
    try:
        known = terms(tenant)
        _other(known, tenant, changes)
        zone = _zone(known, tenant)
        cases = created_cases(tenant, _moment(since, zone), _moment(until, zone))
        start = (tenant, changes, instant_of(datetime.now(UTC)), _documents(known, tenant))
        with ProcessPoolExecutor(os.cpu_count(), initializer=_begin, initargs=start) as workers:
            for found in workers.map(_fold, _chunks(cases)):
                yield from msgspec.json.decode(found, type=list[CycleComparison])
    except NoAnswer as error:
        raise click.ClickException(str(error)) from error


def _chunks(cases: Iterator[list[bytes]]) -> Iterator[list[list[bytes]]]:
    while chunk := list(islice(cases, AT_ONCE)):
        yield chunk


def _documents(known: Reference, tenant: str) -> tuple[list[Any], list[Any]]:
    definitions, agreements = known.terms_of(tenant)
    return (
        [one.document.model_dump(mode="json", by_alias=True) for one in definitions],
        [one.document.model_dump(mode="json", by_alias=True) for one in agreements],
    )


def _begin(tenant: str, changes: Changes, at: int, documents: tuple[list[Any], list[Any]]) -> None:
    """Compile both terms in a new worker process."""
    global _worker  # noqa: PLW0603 - set once in each worker process
    known = Reference()
    for document in documents[0]:
        known.add_definition(compile_definition(document))
    for document in documents[1]:
        known.add_agreement(compile_agreement(document))
    _worker = (TenantTerms(known), TenantTerms(substituted(known, tenant, *changes)), at)


def _fold(chunk: list[list[bytes]]) -> bytes:
    assert _worker is not None, "a worker process is initialised before it folds"
    as_is, what_if, at = _worker
    found = [
        one
        for case in chunk
        for one in compare([decode_opened(line) for line in case], as_is, what_if, at)
    ]
    return msgspec.json.encode(found)


def _other(known: Reference, tenant: str, changes: Changes) -> Reference:
    definitions, agreed = known.terms_of(tenant)
    if not definitions:
        raise click.ClickException(f"there is no tenant {tenant!r}")
    unknown = {a["id"] for a in changes[0] if "id" in a} - {a.document.id for a in agreed}
    if unknown:
        raise click.ClickException(f"{tenant} has no agreement {sorted(unknown)[0]!r}")
    try:
        return substituted(known, tenant, *changes)
    except (ValueError, KeyError) as error:
        raise click.ClickException(f"the agreement cannot be used: {error}") from error


def _zone(known: Reference, tenant: str) -> ZoneInfo:
    definition = known.newest(tenant)
    assert definition is not None, "the tenant is known"
    first = next(iter(definition.document.calendars.values()), ALWAYS)
    return ZoneInfo(str(first["timezone"]))


def _moment(given: str, zone: ZoneInfo) -> datetime:
    try:
        if len(given) == len("2026-03-01"):
            return datetime.combine(date.fromisoformat(given), time(), zone)
        return utc(parse_instant(given))
    except ValueError as error:
        raise click.BadParameter(f"{given}: {error}") from error


def show(found: Iterable[CycleComparison], how: str | None) -> None:
    """Print the attainment under both terms, and the cycles that differ.

    `how` is `json`, `csv`, or None for text.
    """
    outcomes = list(found)
    differing = [one for one in outcomes if one.differs]
    as_is = tallies((one.target, one.as_is) for one in outcomes)
    what_if = tallies((one.target, one.what_if) for one in outcomes)
    if how == "json":
        document = {
            "as_is": [_tally(one) for one in as_is],
            "what_if": [_tally(one) for one in what_if],
            "differ": [_both(one) for one in differing],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
    elif how == "csv":
        rows = [_both(one) for one in differing]
        names = ("reference", "target", "cycle", "priority", "as_is", "as_is_due", "what_if",
                 "what_if_due")  # fmt: skip
        writer = csv.DictWriter(sys.stdout, names)
        writer.writeheader()
        writer.writerows(rows)
    else:
        _print(as_is, what_if, differing, len(outcomes))


def _print(
    as_is: list[Tally], what_if: list[Tally], differing: list[CycleComparison], cycles: int
) -> None:
    for title, lines in (("As it is", as_is), ("What if", what_if)):
        click.echo(f"{title}:")
        for one in lines:
            total = one.kept + one.missed
            verdict = "kept" if is_kept(one.kept, total, one.promised) else "NOT KEPT"
            click.echo(
                f"  {one.target:<16} {one.kept:>9,} of {total:<9,} {share_text(one.kept, total):>9}"
                f"  promised {one.promised * 100:g} %  {verdict:<8}"
                f"  {one.unanswered:,} unanswered, {one.open:,} open"
            )
    click.echo(f"{len(differing):,} of {cycles:,} cycles would have ended otherwise.")
    for case in differing[:SHOWN]:
        told = _both(case)
        click.echo(
            f"  {told['reference']}  {told['target']}/{told['cycle']}"
            f"  {told['as_is']} ({told['as_is_due']}) → {told['what_if']} ({told['what_if_due']})"
        )
    if len(differing) > SHOWN:
        click.echo(f"  and {len(differing) - SHOWN:,} more: --json or --csv gives them all")


def _tally(one: Tally) -> Mapping[str, Any]:
    total = one.kept + one.missed
    return {
        **msgspec.to_builtins(one),
        "total": total,
        "share": share_text(one.kept, total),
        "is_kept": is_kept(one.kept, total, one.promised),
    }


def _both(one: CycleComparison) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "target": one.target,
        "cycle": one.cycle,
        "priority": one.priority,
        "as_is": one.as_is.state if one.as_is else "no target",
        "as_is_due": _due(one.as_is),
        "what_if": one.what_if.state if one.what_if else "no target",
        "what_if_due": _due(one.what_if),
    }


def _due(outcome: CycleOutcome | None) -> str:
    if outcome is None or outcome.due is None:
        return "–"
    return utc(outcome.due).isoformat()
