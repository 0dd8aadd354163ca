"""The command line as a client of the portal's reports."""

from typing import Any

import click
import httpx

from case_portal.web.api_client import WHO, Command, Option, good, logged_in

PERIOD = (
    click.option("--since", help="A date or instant; the first of this month."),
    click.option("--until", help="A date (not included) or instant; now."),
)


def asked_of(filters: tuple[str, ...], period: tuple[Option, ...] = PERIOD) -> Option:
    """The options that all reports have, with these filters."""
    options: list[Option] = [
        *period,
        *(
            click.option(f"--{name.replace('_', '-')}", name, multiple=True,
                         help="Only of this one; may be said again.")
            for name in filters
        ),
        click.option("--csv", "how", flag_value="csv", help="CSV."),
        click.option("--json", "how", flag_value="json", help="The API's answer as it is."),
        *WHO,
    ]  # fmt: skip

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def get_report(
    name: str, how: str | None, more: dict[str, Any], asked: dict[str, Any]
) -> httpx.Response:
    """The answer of the API; otherwise a sentence and an exit code."""
    user, tenant = asked.pop("user"), asked.pop("tenant")
    query = {key: value for key, value in (asked | more).items() if value}
    if how == "csv":
        query["format"] = "csv"
    with logged_in(user, tenant) as client:
        return good(client.get(f"/reports/{name}", params=query))
