"""C5, C16: whoever asks whatever of the portal or of intake: nothing of another's."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from case_portal.app import make_app
from casefold.project import PROJECT
from casefold.samples import read_sample

from tests.support.isolation.apps import attacked_portal, intake_app, portal_app
from tests.support.isolation.desks import UNREGISTERED, World, world
from tests.support.isolation.intake_access import leaks_by_intake
from tests.support.isolation.live_streams import (
    SHORT_TIMEOUT,
    SimulatedChanges,
    leaks_by_stream,
    simulated_change,
)
from tests.support.isolation.report_access import leaks_by_command
from tests.support.isolation.route_attacks import Attack
from tests.support.isolation.secrets import Secret
from tests.support.isolation.sent_mails import leaks_by_mail
from tests.support.world import portal as simulated_portal

FOLDER = PROJECT / "deploy" / "tenants" / read_sample().logins[0].account.tenant
MONDAY = datetime.fromisoformat("2026-03-02T09:30:00+01:00")
EACH = 40
"""Requests to each route."""


@pytest.fixture(scope="module")
def played() -> Iterator[World]:
    """Two tenants alike, and all that they wrote."""
    with world(FOLDER, MONDAY) as made:
        yield made


def test_no_route_shows_anybody_what_is_others(played: World) -> None:
    """C16, C5: every route, those of pages too; and what is not theirs is not there."""
    assert played.has_case_of(UNREGISTERED.email)
    attack = Attack(portal_app(played), played, seed=1)
    found = attack.run(EACH)
    assert found.leaks == []
    assert found.reached == {str(place) for place in attack.places}
    assert {"contact", "agent", "auditor"} <= set(found.shown), "nobody saw what is theirs"


def test_without_the_checks_the_same_requests_find_it(
    played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: so the attack bites."""
    monkeypatch.setattr(simulated_portal, "_in_scope", lambda scope, view: True)
    text = "\n".join(Attack(portal_app(played), played, seed=1).run(10).leaks)
    for place in ("/cases shows", "/cases/{reference} shows", "/history shows", "tells {"):
        assert place in text, f"nothing leaks at {place}"
    assert played.unregistered_events() == [], "workflow took what came for another tenant's case"


def test_no_way_in_tells_of_another_tenant(played: World) -> None:
    """C16: though all send the same, under the same few keys, for the same people."""
    assert leaks_by_intake(intake_app(played), played, seed=1, each=150) == []


def test_no_report_on_the_command_line_tells_of_another_tenant(
    played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16."""
    assert leaks_by_command(portal_app(played), played, monkeypatch) == []


def test_no_mail_tells_anybody_what_is_others(played: World) -> None:
    """C16, C5."""
    assert played.driver.sent()
    assert leaks_by_mail(played) == []


def test_a_mail_that_told_it_would_be_found(played: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """C16: what somebody reads of their own would be a leak, were it another's."""
    moved = [Secret(one.word, "a third tenant") for one in played.secrets]
    monkeypatch.setattr(played, "secrets", moved)
    assert leaks_by_mail(played)


def test_no_live_page_is_told_of_what_is_others(played: World) -> None:
    """C16, C5: everybody listens at every reference while each case changes."""
    changes = SimulatedChanges()
    app = make_app(replace(attacked_portal(played), changes=changes))
    leaks, received = asyncio.run(leaks_by_stream(app, played, simulated_change(played, changes)))
    assert leaks == []
    assert received, "nobody heard even of what is theirs"


def test_without_the_checks_live_pages_would_tell_it(
    played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: so the listeners notice."""
    monkeypatch.setattr(simulated_portal, "_in_scope", lambda scope, view: True)
    changes = SimulatedChanges()
    app = make_app(replace(attacked_portal(played), changes=changes))
    change = simulated_change(played, changes)
    leaks, _ = asyncio.run(leaks_by_stream(app, played, change, SHORT_TIMEOUT))
    assert any("is answered 200" in leak for leak in leaks)
    assert any("hears 1 times" in leak for leak in leaks)


def test_a_change_that_woke_everybody_would_be_noticed(
    played: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: that a case of another's has changed is theirs to know."""
    changes = SimulatedChanges()
    monkeypatch.setattr(changes, "tell", changes.tell_everybody)
    app = make_app(replace(attacked_portal(played), changes=changes))
    change = simulated_change(played, changes)
    leaks, _ = asyncio.run(leaks_by_stream(app, played, change, SHORT_TIMEOUT))
    assert any("hears 1 times" in leak for leak in leaks)
