"""`casefold sla explain REF`: why each clock of a case says what it says, in words and a table."""

import json
import sys
from datetime import UTC, datetime

import click
from case_clocks.explanation import Explanation, explain
from case_clocks.wording import Moment, as_document, sentence, span_text
from case_definition.calendar.instants import instant_of, parse_instant
from case_events.codec import UnreadableRecord

from case_sla.adapters.platform import NoAnswer, case_records, terms


def explain_case(
    reference: str, tenant: str, at: str | None, target: str | None, as_json: bool
) -> None:
    """Explain a case of the running platform."""
    try:
        instant = parse_instant(at) if at else instant_of(datetime.now(UTC))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None
    try:
        history = case_records(reference, tenant)
        found = explain(history, terms(history[0].tenant), instant)
    except (NoAnswer, UnreadableRecord) as error:
        raise click.ClickException(str(error)) from error
    chosen = [one for one in found if target in (None, one.metric)]
    if as_json:
        click.echo(json.dumps([as_document(one) for one in chosen], ensure_ascii=False))
        return
    if not chosen:
        click.echo(f"{reference}: no target applies; it is served in order of arrival.")
    for place, one in enumerate(chosen):
        _print(one, first=place == 0)
    if any(not one.agrees for one in chosen):
        click.echo("What was recorded is not what the history leads to.", err=True)
        sys.exit(1)


def _print(one: Explanation, *, first: bool) -> None:
    moment = Moment(one.zone)
    cycle = f" (cycle {one.cycle})" if one.cycle > 1 else ""
    click.echo(("" if first else "\n") + sentence(one, moment) + cycle)
    rows = [("from", "to", "counted", "total", "why")]
    rows += [
        (moment(line.start), moment(line.end), span_text(line.counted) if line.counted else "–",
         span_text(line.total), line.why)
        for line in one.lines
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo(f"  {'  '.join(cells)}".rstrip())
    for change in one.moves:
        said = f"due {moment(change.due)}" if change.due is not None else ""
        parts = [part for part in (said, change.reason) if part]
        click.echo(f"  version {change.version}: {change.what} {', '.join(parts)}".rstrip())
