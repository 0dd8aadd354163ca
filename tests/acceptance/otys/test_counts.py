"""C13, O6: what came in and was closed, and how it was rated."""

import pytest
from case_portal.volumes.service import Rated, Volume

from tests.acceptance.otys.people import LOTTE, NADIA, ROOS, TENANT
from tests.acceptance.otys.steps import solve, taken_up
from tests.support.desk.scenario import Desk
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.world.case_counts import Counted

pytestmark = pytest.mark.acceptance

MARCH = ("2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00")
APRIL = ("2026-04-01T00:00+02:00", "2026-05-01T00:00+02:00")


def test_stars_are_counted_by_their_last_rating(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C13, O6: in the month in which it was given; the mean is exact and never rounded up."""
    counted = Counted(world, TENANT, "Europe/Amsterdam")
    for who, given in ((NADIA, (2, 4)), (NADIA, (5,)), (NADIA, (5,)), (LOTTE, (1,)), (LOTTE, ())):
        case = taken_up(timed_desk, who, ROOS)
        case.agent(ROOS).assigns("helpdesk", to=ROOS)
        solve(case, ROOS)
        case.contact(who).closes()
        for stars in given:
            case.contact(who).rates(stars, "-")
    by_customer = counted.ratings(*MARCH, by=("customer", "agent", "month"))
    assert by_customer == [
        Rated(group=("brugman", "roos", "2026-03"), cases=3, stars=14),
        Rated(group=("duinzicht", "roos", "2026-03"), cases=1, stars=1),
    ]
    assert [line.mean for line in by_customer] == ["4.66", "1.00"]
    timed_desk.it_is("2026-04-02T09:00+02:00")
    assert counted.ratings(*APRIL) == []
    case.contact(LOTTE).rates(3, "After all.")
    assert counted.ratings(*APRIL, by=("week",)) == [Rated(group=("2026-W14",), cases=1, stars=3)]


@pytest.mark.by_platform("C13")
def test_volumes_by_channel_and_week(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C13: a case that is opened again is in the backlog again."""
    counted = Counted(world, TENANT, "Europe/Amsterdam")
    case = taken_up(timed_desk, NADIA, ROOS)
    solve(case, ROOS)
    assert counted.backlog() == []
    timed_desk.it_is("2026-03-09T10:00+01:00")
    case.contact(NADIA).takes_step("reopen", "It is empty again.")
    assert counted.volumes(*MARCH, by=("channel", "week")) == [
        Volume(group=(case.shown.channel, "2026-W10"), came=1, solved=1),
        Volume(group=(case.shown.channel, "2026-W11"), reopened=1),
    ]
    (open_now,) = counted.backlog(by=("status",))
    assert (open_now.group, open_now.total) == (("in_progress",), 1)
