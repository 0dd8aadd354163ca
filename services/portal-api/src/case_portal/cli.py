"""`casefold report`: the reports of the portal's API, on the command line."""

import click

from case_portal.fair_use.cli import fair_use
from case_portal.reports.cli import attainment, breaches
from case_portal.topics.cli import topics
from case_portal.volumes.cli import backlog, ratings, volumes


@click.group()
def report() -> None:
    """Reports of a running platform, for agents and auditors."""


for _command in (attainment, backlog, breaches, fair_use, ratings, topics, volumes):
    report.add_command(_command)
