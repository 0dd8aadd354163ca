"""C5, C16: beside a tenant with the same people and process, nobody meets what is the other's."""

from collections.abc import Iterator

import pytest

from tests.acceptance.customer_success.conftest import FOLDER
from tests.support.desk.tenancy import MONDAY_MORNING
from tests.support.isolation.apps import intake_app, portal_app
from tests.support.isolation.desks import World, world
from tests.support.isolation.intake_access import leaks_by_intake
from tests.support.isolation.report_access import leaks_by_command
from tests.support.isolation.route_attacks import Attack
from tests.support.isolation.sent_mails import leaks_by_mail

pytestmark = pytest.mark.acceptance

EACH = 10
"""Requests to each route, by anybody, about anything."""


@pytest.fixture(scope="module")
def played() -> Iterator[World]:
    """This tenant and its twin, with all that their people wrote."""
    with world(FOLDER, MONDAY_MORNING) as made:
        yield made


@pytest.mark.by_platform("C5")
def test_no_page_or_api_shows_what_is_others(played: World) -> None:
    """C5, C16: not a customer's, not a tenant's; what is not theirs is not there."""
    found = Attack(portal_app(played), played, seed=1).run(EACH)
    assert found.leaks == []
    assert {"contact", "agent", "auditor"} <= set(found.shown)


@pytest.mark.by_platform("C1")
def test_no_way_in_tells_what_is_others(played: World) -> None:
    """C16, C1: the same case under the same key, for the same contact."""
    assert leaks_by_intake(intake_app(played), played, seed=1, each=60) == []


@pytest.mark.by_platform("C5", "C3")
def test_no_mail_tells_what_is_others(played: World) -> None:
    """C5, C16, C3."""
    assert played.driver.sent()
    assert leaks_by_mail(played) == []


@pytest.mark.by_platform("C13")
def test_no_report_counts_what_is_others(played: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """C16, C13: by command, to agents and auditors of the tenant alone."""
    assert leaks_by_command(portal_app(played), played, monkeypatch) == []
