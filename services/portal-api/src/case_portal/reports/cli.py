"""`casefold report attainment` and `breaches`."""

from typing import Any

import click
from case_clocks.wording import span_text

from case_portal.reports.service import DIMENSIONS
from case_portal.web.api_client import table
from case_portal.web.report_client import asked_of, get_report

FILTERS = ("target", "customer", "agreement", "case_type", "priority", "team", "agent")

_as_of = click.option("--as-of", help="Count what was known at this instant.")


@click.command("attainment")
@click.option("--by", multiple=True, type=click.Choice(DIMENSIONS), default=("target",))
@_as_of
@asked_of(FILTERS)
def attainment(by: tuple[str, ...], how: str | None, **asked: Any) -> None:
    """How many promises were kept. CASEFOLD_TOKEN, or --user and CASEFOLD_PASSWORD."""
    answer = get_report("attainment", how, {"by": by}, asked)
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
    table(rows, "Nothing was decided in this period.")


@click.command("breaches")
@_as_of
@asked_of(FILTERS)
def breaches(how: str | None, **asked: Any) -> None:
    """Which targets were missed, why, and who had the case."""
    answer = get_report("breaches", how, {}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            one["reference"],
            one["target"],
            one["due"],
            f"{span_text(one['late'], 'en')} late" if one["late"] is not None else "open",
            one["cause"] or "time ran out",
            *(f"{h['hands']} in {h['status']}: {span_text(h['counted'], 'en')}"
              for h in one["held"][:1]),
        ]
        for one in answer.json()["breaches"]
    ]  # fmt: skip
    table(rows, "Nothing was missed in this period.")
