"""C13: what was kept of what was promised, as it is known now and as it was known then."""

from datetime import datetime
from typing import Any

import pytest
from case_portal.reports.service import Question

from tests.acceptance.dtnext.people import ANOUK, FATIMA, SANNE, TENANT
from tests.support.desk.scenario import Desk
from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.attainment import attainment, breaches

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


def question(world: SimulatedDriver, **other: Any) -> Question:
    known: dict[str, Any] = {
        "tenant": TENANT, "since": at("2026-03-01T00:00+01:00"),
        "until": at("2026-04-01T00:00+02:00"), "as_of": world.now(), "by": ("target", "priority"),
    }  # fmt: skip
    return Question(**(known | other))


def test_kept_missed_and_best_effort(timed_desk: Desk, world: SimulatedDriver) -> None:
    """C13, J6, D4: per target and priority against the promised share; best effort counts not."""
    kept = timed_desk.mail_from(ANOUK).case
    missed = timed_desk.mail_from(ANOUK).case
    timed_desk.mail_from(FATIMA)
    kept.agent(SANNE).takes_up()
    kept.agent(SANNE).resolves("Done.", cause="A cable")
    missed.agent(SANNE).assigns("second_line")
    timed_desk.it_is("2026-03-02T15:00+01:00")
    missed.agent(SANNE).comments("At last.")
    found = attainment(world, question(world))
    first = found["first_response", "P3"]
    assert (first.kept, first.missed, first.promised, first.is_kept) == (1, 1, 1.0, False)
    assert found["resolution", "P3"].share == "100 %"
    (breach,) = breaches(world, question(world))
    assert breach.reading.reference == missed.reference
    assert breach.reading.at == at("2026-03-02T13:00+01:00")
    assert breach.late == 2 * 3600 * 1_000_000
    hands = {(one.hands, one.status): one.counted for one in breach.reading.held}
    assert hands == {("second_line", "open"): 4 * 3600 * 1_000_000}


def test_a_withdrawn_breach_stands_in_the_report_of_that_moment_alone(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C13, P3: counted as what was known then, and by its final reading now."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T12:59:59+01:00")
    timed_desk.stops("portal")
    case.agent(SANNE).tries.comments("Just in time.")
    timed_desk.it_is("2026-03-02T13:10+01:00")
    timed_desk.starts("portal")
    timed_desk.time_passes(minutes=5)
    now = attainment(world, question(world, by=("target",)))["first_response",]
    assert (now.kept, now.missed) == (1, 0)
    known_then = question(world, by=("target",), as_of=at("2026-03-02T13:05+01:00"))
    then = attainment(world, known_then)["first_response",]
    assert (then.kept, then.missed) == (0, 1)


def test_a_case_that_ends_without_an_answer_is_neither_kept_nor_missed(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C13: unanswered, beside the share."""
    case = timed_desk.mail_from(ANOUK).case
    case.contact(ANOUK).cancels()
    line = attainment(world, question(world, by=("target",)))["first_response",]
    assert (line.kept, line.missed, line.unanswered) == (0, 0, 1)
    excluded = {one.what["target"]: one.what["agreement"] for one in case.events("target_excluded")}
    assert excluded.keys() == {"first_response", "resolution"}
    assert all(agreement.startswith(f"{TENANT}/") for agreement in excluded.values())
