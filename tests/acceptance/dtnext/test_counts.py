"""C13: how many cases came, were solved, closed and opened again, and what is still open."""

import pytest
from case_portal.volumes.service import Volume

from tests.acceptance.dtnext.people import ANOUK, FATIMA, GRACE, SANNE, TENANT
from tests.support.desk.scenario import Desk
from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.case_counts import Counted

pytestmark = pytest.mark.acceptance

MARCH = ("2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00")


@pytest.mark.by_platform("C13")
def test_volumes_and_backlog(timed_desk: Desk, world: SimulatedDriver) -> None:
    """C13: by customer, priority and day; the backlog of a moment that has passed as well."""
    counted = Counted(world, TENANT, "Europe/Amsterdam")
    rejected = timed_desk.mail_from(ANOUK).case
    timed_desk.mail_from(FATIMA)
    rejected.agent(SANNE).takes_up()
    rejected.agent(SANNE).resolves("Done.", cause="A cable")
    rejected.contact(ANOUK).rejects("It is not.")
    timed_desk.it_is("2026-03-10T09:00+01:00")
    young = timed_desk.mail_from(GRACE).case
    young.contact(GRACE).cancels()
    rejected.agent(SANNE).resolves("Now it is.", cause="Two cables")
    rejected.contact(ANOUK).agrees()
    assert counted.volumes(*MARCH, by=("customer",)) == [
        Volume(group=("noorderlicht",), came=1),
        Volume(group=("vandijk",), came=2, solved=2, closed=2, reopened=1),
    ]
    assert counted.volumes(*MARCH, by=("day", "priority"), only={"customer": ("vandijk",)}) == [
        Volume(group=("2026-03-02", "P3"), came=1, solved=1, reopened=1),
        Volume(group=("2026-03-10", "P3"), came=1, solved=1, closed=2),
    ]
    (now,) = counted.backlog(by=("customer", "status", "team"))
    assert (now.group, now.ages) == (("noorderlicht", "open", "first_line"), (0, 0, 1, 0, 0))
    then = counted.backlog("2026-03-05T09:00+01:00", by=("customer",))
    assert [(line.group, line.total) for line in then] == [
        (("noorderlicht",), 1), (("vandijk",), 1)
    ]  # fmt: skip
