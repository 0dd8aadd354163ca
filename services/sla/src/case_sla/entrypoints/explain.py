"""`casefold sla explain REFERENCE`: explains each clock of a case in words and a table."""

import json
import sys
from datetime import UTC, datetime
from functools import partial

import click
from case_clocks.explanation import Explanation, explain
from case_clocks.texts import text_of
from case_clocks.wording import COLUMNS, ExplanationFormatter, InstantFormatter, as_document
from case_definition.calendar.instants import instant_of, parse_instant
from case_events.tokens.tools import NoAnswer
from case_events.wire.codec import UnreadableRecord

from case_sla.adapters.platform import case_records, terms


def explain_case(
    reference: str, tenant: str, at: str | None, target: str | None, language: str, as_json: bool
) -> None:
    """Print the explanation of a case of the running platform.

    `at` is an ISO 8601 instant with an offset, now if None; `target` is one metric, all if None.
    Exits with 1 if a clock that was announced differs from the recomputed one.
    """
    try:
        instant = parse_instant(at) if at else instant_of(datetime.now(UTC))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None
    try:
        history = case_records(reference, tenant)
        known = terms(history[0].tenant)
        found = explain(history, known, instant)
    except (NoAnswer, UnreadableRecord) as error:
        raise click.ClickException(str(error)) from error
    named = partial(known.definition(history[-1].definition).name_of, language=language)
    chosen = [
        (one, ExplanationFormatter(language, InstantFormatter(one.zone, language), named))
        for one in found
        if target in (None, one.metric)
    ]
    if as_json:
        click.echo(json.dumps([as_document(*each) for each in chosen], ensure_ascii=False))
        return
    if not chosen:
        click.echo(text_of(language, "none", reference=reference))
    for place, (one, telling) in enumerate(chosen):
        click.echo(("\n" if place else "") + telling.sentence(one))
        _print(one, telling)
    if any(not one.agrees for one, _ in chosen):
        click.echo(text_of(language, "differs"), err=True)
        sys.exit(1)


def _print(one: Explanation, telling: ExplanationFormatter) -> None:
    if one.cycle > 1:
        click.echo(f"  ({telling.text('cycle', cycle=one.cycle)})")
    moment, span = telling.moment, telling.span
    rows = [tuple(telling.text(f"column.{column}") for column in COLUMNS)]
    rows += [
        (moment(line.start), moment(line.end), span(line.counted) if line.counted else "–",
         span(line.total), telling.reason(line.why))
        for line in one.lines
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo(f"  {'  '.join(cells)}".rstrip())
    for change in one.moves:
        click.echo(f"  {telling.recorded(change)}")
