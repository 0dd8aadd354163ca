"""`casefold report fair-use`."""

from typing import Any

import click

from case_portal.web.api_client import table
from case_portal.web.report_client import asked_of, get_report


@click.command("fair-use")
@asked_of(("customer",))
def fair_use(how: str | None, **asked: Any) -> None:
    """The use of customers in a period, compared with the allowance of their agreement."""
    answer = get_report("fair-use", how, {}, asked)
    if how:
        click.echo(answer.text, nl=False)
        return
    rows = [
        [
            line["customer"],
            line["title"],
            line["period"],
            f"{line['counted']:,} of {line['allowed']:,}",
            f"{line['over']:,} OVER" if line["over"] else f"{line['left']:,} left",
        ]
        for line in answer.json()["lines"]
    ]
    table(rows, "No agreement limits fair use.")
