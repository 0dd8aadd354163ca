"""C11, H2: a new version of the process while cases are open, and going over to it."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from case_definition.loading import load_tenant
from case_events.contracts.migration import MigrateCase
from case_events.contracts.reference import DefinitionPublished
from case_portal.application.migrating import Migration, Migrations
from casefold.publishing import terms_of

from tests.acceptance.helpcenter.conftest import FOLDER, simulated
from tests.acceptance.helpcenter.people import ADDRESS, FLOOR, GEERT, LOTTE, TENANT, THIJS
from tests.acceptance.helpcenter.steps import form, solve, taken_up
from tests.support.scenario import Desk
from tests.support.side_by_side import SideBySideDriver
from tests.support.tenancy import MONDAY_MORNING

pytestmark = pytest.mark.acceptance

MAPPING = {"statuses": {"pending": "waiting"}}


@pytest.fixture
def driver() -> Iterator[SideBySideDriver]:
    with simulated(MONDAY_MORNING) as world:
        yield world


@pytest.fixture
def desk(driver: SideBySideDriver) -> Desk:
    return Desk(driver, ADDRESS, GEERT)


def _publish_second(driver: SideBySideDriver) -> None:
    """Version 2: what waits for the contact is called otherwise, and closes after a day."""
    topic, key, _, first = next(iter(terms_of(load_tenant(FOLDER))))
    assert isinstance(first, DefinitionPublished)
    assert key == f"{TENANT}/1"
    document = copy.deepcopy(first.document) | {"version": 2}
    _rename(document, "pending", "waiting")
    document["timers"][0]["after"] = "PT24H"
    second = f"{TENANT}/2"
    driver.publish((topic, second, TENANT, DefinitionPublished(second, document)))


def _rename(document: dict[str, Any], old: str, new: str) -> None:
    for status in document["statuses"]:
        status["name"] = new if status["name"] == old else status["name"]
    for step in document["transitions"]:
        step["from"] = [new if one == old else one for one in step["from"]]
        step["to"] = new if step["to"] == old else step["to"]
    for texts in document["texts"].values():
        for key in [key for key in texts if key.startswith(f"statuses.{old}.")]:
            texts[key.replace(f".{old}.", f".{new}.")] = texts.pop(key)


def _migrations(driver: SideBySideDriver) -> Migrations:
    return Migrations(driver._cases, driver.reference, driver._desk)


def test_open_cases_stay_on_their_version_and_new_ones_get_the_new(
    desk: Desk, driver: SideBySideDriver
) -> None:
    """C11: every event names the version that it was made under."""
    old = taken_up(desk, LOTTE, FLOOR)
    _publish_second(driver)
    new = taken_up(desk, LOTTE, FLOOR)
    old.agent(FLOOR).asks("Which quarter?")
    new.agent(FLOOR).asks("Which quarter?")
    assert (old.status, new.status) == ("pending", "waiting")
    assert {entry.definition for entry in old.history} == {f"{TENANT}/1"}
    assert {entry.definition for entry in new.history} == {f"{TENANT}/2"}


def test_a_mapping_brings_a_case_over_and_the_history_says_it(
    desk: Desk, driver: SideBySideDriver
) -> None:
    """C11: with what is called otherwise; the chain stays whole, and the new terms count."""
    case = taken_up(desk, LOTTE, FLOOR)
    case.agent(FLOOR).asks("Which quarter?")
    _publish_second(driver)
    second = f"{TENANT}/2"
    unmapped = case.agent(FLOOR).tries.asks_for(MigrateCase(definition=second))
    assert (unmapped.status, unmapped.field) == ("refused", "mapping.statuses")
    assert "pending" in unmapped.reason
    case.agent(FLOOR).asks_for(MigrateCase(definition=second, mapping=MAPPING))
    assert case.status == "waiting"
    moved = case.event("DefinitionMigrated")
    assert (moved.what["previous"], moved.definition, moved.who.id) == (
        f"{TENANT}/1", second, FLOOR.id
    )  # fmt: skip
    assert case.events("StatusChanged")[-1].what["reason"] == "migrated"
    assert "DefinitionMigrated" not in [one.type for one in case.history_for(LOTTE)]
    case.contact(LOTTE).comments("The first.")
    assert case.status == "open"
    solve(case, FLOOR)
    desk.time_passes(hours=25)
    assert case.status == "closed", "by the timer of the new version"
    assert case.flaws == []
    again = case.agent(FLOOR).tries.asks_for(MigrateCase(definition=second))
    assert (again.status, again.rule) == ("refused", "status")


def test_only_an_administrator_migrates(desk: Desk, driver: SideBySideDriver) -> None:
    """C6: neither another agent nor a contact."""
    case = taken_up(desk, LOTTE, FLOOR)
    _publish_second(driver)
    for who in (case.agent(THIJS), case.contact(LOTTE)):
        answer = who.tries.asks_for(MigrateCase(definition=f"{TENANT}/2", mapping=MAPPING))
        assert (answer.status, answer.rule) == ("refused", "by")


def test_a_dry_run_says_what_would_become_of_each_case(
    desk: Desk, driver: SideBySideDriver
) -> None:
    """C11: nothing is changed by it; then all are brought over at once."""
    asked, open_, closed = (taken_up(desk, LOTTE, FLOOR) for _ in range(3))
    asked.agent(FLOOR).asks("Which quarter?")
    closed.contact(LOTTE).closes()
    parked = desk.form_from(LOTTE, form("fault"))
    _publish_second(driver)
    principal = driver._principal(FLOOR)

    def migrate(mapping: dict[str, dict[str, str]], dry_run: bool) -> dict[str, tuple[str, str]]:
        found = driver._run(_migrations(driver).migrate(principal, 2, mapping, 1, dry_run=dry_run))
        assert isinstance(found, Migration)
        return {one.reference: (one.outcome, one.status) for one in found.cases}

    assert migrate({}, dry_run=True)[asked.reference] == ("refused", "pending")
    would = migrate(MAPPING, dry_run=True)
    assert would == {
        asked.reference: ("would", "waiting"),
        open_.reference: ("would", "open"),
        parked.reference: ("would", "new"),
    }
    assert asked.status == "pending"
    done = migrate(MAPPING, dry_run=False)
    assert {outcome for outcome, _ in done.values()} == {"done"}
    assert migrate(MAPPING, dry_run=True) == {}
    assert [asked.status, open_.status, closed.status] == ["waiting", "open", "closed"]
