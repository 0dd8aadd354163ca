"""C13: what was kept of what was promised, per customer, target, priority and month."""

from datetime import datetime

import pytest
from case_portal.reports.service import Question

from tests.acceptance.helpcenter.people import FLOOR, INEKE, LOTTE, TENANT
from tests.acceptance.helpcenter.steps import solve, taken_up
from tests.support.desk.scenario import Desk
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.world.attainment import attainment, breaches

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


def question(world: SideBySideDriver) -> Question:
    return Question(
        tenant=TENANT, since=at("2026-03-01T00:00+01:00"), until=at("2026-04-01T00:00+02:00"),
        as_of=world.now(), by=("month", "customer", "target", "priority"), zone="Europe/Amsterdam",
    )  # fmt: skip


def test_kept_missed_and_best_effort(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C13: against the share that the service agreement promises; best effort counts not."""
    kept, missed = taken_up(timed_desk, LOTTE, FLOOR), timed_desk.mail_from(LOTTE).case
    timed_desk.mail_from(INEKE)
    solve(kept, FLOOR)
    timed_desk.it_is("2026-03-02T15:30+01:00")
    missed.agent(FLOOR).comments("At last.")
    found = {
        group: (line.kept, line.missed, line.promised, line.share)
        for group, line in attainment(world, question(world)).items()
        if group[2] != "next_response"
    }
    assert found == {
        ("2026-03", "duinzicht", "first_response", "normal"): (1, 1, 1.0, "50 %"),
        ("2026-03", "duinzicht", "resolution", "normal"): (1, 0, 0.9, "100 %"),
    }
    (breach,) = breaches(world, question(world))
    assert (breach.reading.reference, breach.late) == (missed.reference, 2 * 3600 * 1_000_000)
