"""C13: what was kept of what was promised, per customer, target, priority and month."""

from datetime import datetime

import pytest
from case_portal.reports.service import Question

from tests.acceptance.customer_success.people import KARIM, LOTTE, MEREL, TENANT
from tests.acceptance.customer_success.steps import assessed
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


def test_everybody_is_promised_an_assessment(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C13, S2: with an agreement or best effort; what was missed is told with where it lay."""
    kept = assessed(timed_desk, LOTTE, MEREL, "P3")
    late = timed_desk.mail_from(KARIM).case
    timed_desk.it_is("2026-03-02T09:20+01:00")
    late.agent(MEREL).sets_priority("P4")
    kept.agent(MEREL).comments("We look at it.")
    found = {
        group: (line.kept, line.missed, line.promised, line.is_kept)
        for group, line in attainment(world, question(world)).items()
        if group[2] in ("assessment", "first_response")
    }
    assert found == {
        ("2026-03", "duinzicht", "assessment", "P3"): (1, 0, 1.0, True),
        ("2026-03", "duinzicht", "first_response", "P3"): (1, 0, 1.0, True),
        ("2026-03", "lindehof", "assessment", "unassessed"): (0, 1, 1.0, False),
    }
    (breach,) = breaches(world, question(world))
    assert breach.reading.reference == late.reference
    assert breach.late == 5 * 60 * 1_000_000
    assert [(one.hands, one.status) for one in breach.reading.held] == [("desk", "received")]
