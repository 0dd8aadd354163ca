"""The reports of the command line to each person: the same API, by its own client."""

from typing import Any

import httpx
import pytest
from case_portal import cli as report_cli
from case_portal.core.principal import Principal
from click.testing import CliRunner
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.support.isolation.desks import World
from tests.support.isolation.secrets import kept_from

REPORTS = (
    ("breaches", "--csv"),
    ("breaches", "--json"),
    ("breaches",),
    ("attainment", "--csv", "--by", "customer"),
    ("attainment", "--json", "--by", "agent", "--by", "agreement"),
    ("attainment", "--by", "customer"),
    ("volumes", "--json", "--by", "customer"),
    ("volumes", "--csv", "--by", "team"),
    ("backlog", "--by", "customer"),
    ("ratings", "--by", "agent"),
    ("fair-use",),
    ("topics", "--csv"),
    ("topics", "--by", "customer"),
)


def leaks_by_command(app: FastAPI, world: World, patch: pytest.MonkeyPatch) -> list[str]:
    """Data in `casefold report` that does not exist for the person. A report that an agent or
    auditor is refused, or that another person is not, counts as well."""

    def client(base_url: str, **_: Any) -> TestClient:
        return TestClient(app, base_url=base_url)

    patch.setattr(httpx, "Client", client)
    asked = {name for command in report_cli.report.commands for name in (command,)}
    assert asked == {name for name, *_ in REPORTS}, "a report is not asked for here"
    leaks = []
    for token in (*world.accounts, "garbage", "a token that has expired"):
        patch.setenv("CASEFOLD_TOKEN", token)
        who = world.principal(token)
        for command in REPORTS:
            period = () if command[0] == "backlog" else ("--since", "2026-01-01")
            done = CliRunner().invoke(report_cli.report, [*command, *period])
            attempt = f"{who}: {' '.join(command)}"
            if (done.exit_code == 0) != (_reads_reports(who) and _has(command[0], world)):
                leaks.append(f"{attempt} ends with {done.exit_code}: {done.output}")
            leaks += [
                f"{attempt} tells {secret}"
                for secret in kept_from(who, world.secrets)
                if secret.word in done.output
            ]
    return leaks


def _reads_reports(who: Principal | None) -> bool:
    return who is not None and who.kind in ("agent", "auditor")


def _has(report: str, world: World) -> bool:
    """Whether these tenants have such a report: topics only if a field has them."""
    knowledge = world.pair[0].documents.definition.get("knowledge") or {}
    return report != "topics" or bool(knowledge.get("topic_field"))
