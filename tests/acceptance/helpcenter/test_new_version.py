"""C11, H2: a new version of the process while cases are open, and going over to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from case_events.contracts.migration import MigrateCase

from tests.acceptance.helpcenter.conftest import simulated
from tests.acceptance.helpcenter.people import ADDRESS, FLOOR, GEERT, LOTTE, TENANT, THIJS
from tests.acceptance.helpcenter.steps import form, solve, taken_up
from tests.acceptance.helpcenter.versions import Versions, own_desk, versions_of
from tests.support.desk.case_steps import Case
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Answer, Person
from tests.support.driver.simulated import SimulatedDriver

pytestmark = pytest.mark.acceptance

MAPPING = {"statuses": {"pending": "waiting"}}


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The desk in either world; on the running platform its like, with a tenant of its own."""
    if request.param == "simulated":
        with simulated() as driver:
            yield Desk(driver, ADDRESS, GEERT)
    else:
        with own_desk(request.getfixturevalue("running_driver"), tmp_path) as found:
            yield found


@pytest.fixture
def versions(desk: Desk, tmp_path: Path) -> Versions:
    """The versions of that desk."""
    return versions_of(desk, tmp_path)


def by_topic(case: Case, who: Person, command: MigrateCase) -> Answer:
    """A service of the desk's own asks one case, for which the API has no request."""
    driver = case.desk.driver
    assert isinstance(driver, SimulatedDriver)
    return driver.publish_command(who, case.reference, command)


def test_open_cases_stay_on_their_version_and_new_ones_get_the_new(
    desk: Desk, versions: Versions
) -> None:
    """C11: every event names the version that it was made under."""
    old = taken_up(desk, LOTTE, FLOOR)
    versions.publish_second()
    new = taken_up(desk, LOTTE, FLOOR)
    old.agent(FLOOR).asks("Which quarter?")
    new.agent(FLOOR).asks("Which quarter?")
    assert (old.status, new.status) == ("pending", "waiting")
    assert {entry.definition for entry in old.history} == {f"{TENANT}/1"}
    assert {entry.definition for entry in new.history} == {f"{TENANT}/2"}


def test_a_mapping_brings_a_case_over_and_the_history_says_it(
    desk: Desk, versions: Versions
) -> None:
    """C11: with what is called otherwise; the chain stays whole, and the new terms count."""
    case = taken_up(desk, LOTTE, FLOOR)
    case.agent(FLOOR).asks("Which quarter?")
    versions.publish_second()
    second = f"{TENANT}/2"
    unmapped = by_topic(case, FLOOR, MigrateCase(definition=second))
    assert (unmapped.status, unmapped.field) == ("refused", "mapping.statuses")
    assert "pending" in unmapped.reason
    done = by_topic(case, FLOOR, MigrateCase(definition=second, mapping=MAPPING))
    assert done.status == "done"
    assert case.status == "waiting"
    moved = case.event("definition_migrated")
    assert (moved.what["previous"], moved.definition, moved.who.id) == (
        f"{TENANT}/1", second, FLOOR.id
    )  # fmt: skip
    assert case.events("status_changed")[-1].what["reason"] == "migrated"
    assert "definition_migrated" not in [one.type for one in case.history_for(LOTTE)]
    case.contact(LOTTE).comments("The first.")
    assert case.status == "open"
    solve(case, FLOOR)
    desk.time_passes(hours=25)
    assert case.status == "closed", "by the timer of the new version"
    assert case.flaws == []
    again = by_topic(case, FLOOR, MigrateCase(definition=second))
    assert (again.status, again.rule) == ("refused", "status")


def test_only_an_administrator_migrates(desk: Desk, versions: Versions) -> None:
    """C11: neither another agent nor a contact."""
    case = taken_up(desk, LOTTE, FLOOR)
    versions.publish_second()
    for who in (THIJS, LOTTE):
        answer = by_topic(case, who, MigrateCase(definition=f"{TENANT}/2", mapping=MAPPING))
        assert (answer.status, answer.rule) == ("refused", "by")


@pytest.mark.main_path
def test_what_would_become_of_each_case_is_said_first_and_then_done(
    desk: Desk, versions: Versions
) -> None:
    """C11, H2: open cases stay on their version; first an administrator hears what would become
    of each, and nothing is changed by it; then they go over, nothing is lost, and each history
    says it."""
    lotte, floor = versions.own(LOTTE), versions.own(FLOOR)
    asked, closed = (taken_up(desk, lotte, floor) for _ in range(2))
    asked.agent(floor).asks("Which quarter?")
    closed.contact(lotte).closes()
    waits = desk.form_from(lotte, form("fault"))
    before = asked.shown
    versions.publish_second()
    would = {asked.reference: ("would", "waiting"), waits.reference: ("would", "new")}
    assert versions.migrate(MAPPING) == would
    assert (asked.status, asked.events("definition_migrated")) == ("pending", [])
    done = {asked.reference: ("done", "waiting"), waits.reference: ("done", "new")}
    assert versions.migrate(MAPPING, apply=True) == done
    assert [asked.status, waits.status, closed.status] == ["waiting", "new", "closed"]
    moved = asked.event("definition_migrated")
    assert (moved.who.id, moved.what["definition"]) == (floor.id, f"{floor.tenant}/2")
    assert closed.events("definition_migrated") == []
    then = asked.shown
    assert (then.title, then.team, then.priority) == (before.title, before.team, before.priority)
    asked.contact(lotte).comments("The first.")
    assert asked.status == "open", "a step of the new version"
    assert asked.comments == ["Which quarter?", "The first."]
    assert [one.flaws for one in (asked, waits, closed)] == [[], [], []]


def test_all_open_cases_are_over_at_once(desk: Desk, versions: Versions) -> None:
    """C11: then none is left; what the mapping leaves out is said of each case."""
    asked = taken_up(desk, LOTTE, FLOOR)
    asked.agent(FLOOR).asks("Which quarter?")
    versions.publish_second()
    assert versions.migrate({}) == {asked.reference: ("refused", "pending")}
    assert versions.migrate(MAPPING, apply=True) == {asked.reference: ("done", "waiting")}
    assert versions.migrate(MAPPING) == {}
