"""C5, C16: with every check in the portal's code taken out, row-level security holds alone."""

import asyncio
from importlib.resources import files

import pytest
from case_events.runtime.postgres import migrate

from tests.support.isolation.desks import World
from tests.support.isolation.live_streams import SHORT_TIMEOUT
from tests.support.isolation.route_attacks import Attack, Findings
from tests.support.isolation.row_level_security import (
    Login,
    commands_of,
    copy_into,
    leaks_by_real_stream,
    take_out_checks,
    walled_app,
)
from tests.support.real.servers import Databases, of_requests

pytestmark = pytest.mark.real

EACH = 15
"""Requests to each route."""


@pytest.fixture
def url(databases: Databases, played: World) -> str:
    """The portal's database, with what was played in it."""
    url = databases.fresh(_migrate)
    copy_into(url, played)
    return url


def _migrate(url: str) -> None:
    asyncio.run(migrate(url, files("case_portal.database") / "migrations"))


def attacked(url: str, played: World, login: Login) -> Findings:
    return Attack(walled_app(url, played, login), played, seed=2, walled=True).run(EACH)


def test_row_level_security_alone_keeps_them_apart(
    url: str, played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16, C5: of every route, to everybody; and nobody reaches a case of another tenant."""
    take_out_checks(monkeypatch)
    found = attacked(url, played, of_requests)
    assert found.leaks == []
    assert {"contact", "agent", "auditor"} <= set(found.shown)
    asked = set(commands_of(url))
    assert asked, "nobody reached even what is theirs"
    for tenant, case in asked:
        assert {owner.tenant for owner in played.places[case]} == {tenant}


def test_without_it_the_same_requests_find_what_is_others(
    url: str, played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: so the attack bites, at every kind of thing that the portal keeps."""
    take_out_checks(monkeypatch)
    found = attacked(url, played, str)
    text = "\n".join(found.leaks)
    for place in ("/cases shows", "/cases/{reference} shows", "/cases/{reference}/history shows",
                  "/refusals shows", "/refusals/{refusal}/raw", "/reports/breaches shows",
                  "/commands/{command}", "/comments tells"):  # fmt: skip
        assert place in text, f"nothing leaks at {place}"


def test_the_checks_in_the_code_hold_without_it(url: str, played: World) -> None:
    """C16, C5: the first wall stands alone too, over the same database."""
    found = attacked(url, played, str)
    assert found.leaks == []
    assert {"contact", "agent", "auditor"} <= set(found.shown)


def test_row_level_security_alone_keeps_live_pages_apart(
    url: str, played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16, C5: everybody listens at every reference while the database tells of each case."""
    take_out_checks(monkeypatch)
    leaks, received = asyncio.run(leaks_by_real_stream(url, played, of_requests))
    assert leaks == []
    assert received, "nobody heard even of what is theirs"


def test_without_it_live_pages_tell_of_what_is_others(
    url: str, played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: so the listeners notice."""
    take_out_checks(monkeypatch)
    leaks, _ = asyncio.run(leaks_by_real_stream(url, played, str, SHORT_TIMEOUT))
    assert any("is answered 200" in leak for leak in leaks)
    assert any("hears 1 times" in leak for leak in leaks)


def test_the_checks_in_the_code_keep_live_pages_apart_without_it(url: str, played: World) -> None:
    """C16, C5"""
    leaks, received = asyncio.run(leaks_by_real_stream(url, played, str))
    assert leaks == []
    assert received, "nobody heard even of what is theirs"
