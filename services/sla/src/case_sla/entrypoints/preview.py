"""`casefold agreement preview`: the deadlines that a publication would change."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from case_clocks.preview import MovedDeadline, preview
from case_clocks.terms import CompiledCalendars
from case_definition.calendar.instants import instant_of, utc
from case_definition.publishing.loading import Unsound, load_tenant
from case_definition.schema.agreements import Agreement, compile_agreement
from case_events.tokens.tools import NoAnswer
from case_events.wire.codec import decode_opened

from case_sla.adapters.platform import open_cases, terms


@click.group()
def agreement() -> None:
    """Preview agreements with customers."""


@agreement.command("preview")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def preview_command(folder: Path, *, as_json: bool) -> None:
    """Show which deadlines a publication would change.

    These are the deadlines of open cases of the running platform, if the agreements and calendars
    of a tenant's FOLDER were published now. It writes nothing.
    """
    try:
        documents = load_tenant(folder)
    except Unsound as unsound:
        raise click.ClickException(f"{folder} cannot be published:\n{unsound}") from unsound
    tenant = str(documents.definition["tenant"])
    try:
        moved = [
            (one.key, found)
            for one in map(compile_agreement, documents.agreements)
            for found in _moved(tenant, one)
        ]
    except NoAnswer as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        told = [{"agreement": key, **_as_text(one)} for key, one in moved]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for key, one in moved:
        shown = _as_text(one)
        click.echo(
            f"{one.reference}  {one.target:<16}  {shown['due']} → {shown['would_be']}  by {key}"
            f"{'  BREACHED AT ONCE' if one.breached else ''}"
        )
    cases = {one.reference for _, one in moved}
    late = sum(one.breached for _, one in moved)
    click.echo(
        f"{len(moved)} deadlines of {len(cases)} open cases would be others; "
        f"{late} would be breached at once."
    )


def _moved(tenant: str, new: Agreement) -> Iterator[MovedDeadline]:
    known = terms(tenant)
    now = known.agreement_of(tenant, new.document.customer)
    if now is not None and now.document == new.document:
        return
    same = now is not None and now.document.id == new.document.id
    if now is not None and same and new.document.version <= now.document.version:
        raise click.ClickException(
            f"{new.document.id}: version {now.document.version} is published already and "
            "means what it meant; write a higher `version`"
        )
    known.add_agreement(new)
    calendars, at = CompiledCalendars(), instant_of(datetime.now(UTC))
    for lines in open_cases(tenant, new.document.customer):
        history = [decode_opened(line) for line in lines]
        yield from preview(history, known, calendars, new, at)


def _as_text(one: MovedDeadline) -> dict[str, object]:
    return {
        **msgspec.to_builtins(one),
        "due": "–" if one.due is None else utc(one.due).isoformat(timespec="seconds"),
        "would_be": "–"
        if one.would_be is None
        else utc(one.would_be).isoformat(timespec="seconds"),
    }
