"""C8, C9: what fell due while the clocks' service was away is on record, whatever came after it."""

import pytest

from tests.acceptance.customer_success.people import LOTTE, MEREL
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("away", [True, False])
def test_the_breach_of_an_exchange_is_told_though_the_next_one_has_begun(
    timed_desk: Desk, away: bool
) -> None:
    """C9: answered late and asked again before anybody looked."""
    case = timed_desk.mail_from(LOTTE).case
    case.agent(MEREL).sets_priority("P4")
    if away:
        timed_desk.stops("sla")
    timed_desk.it_is("2026-03-06T09:00+01:00")
    case.agent(MEREL).comments("Here it is.")
    case.contact(LOTTE).comments("And the other one?")
    if away:
        timed_desk.starts("sla")
    timed_desk.time_passes(minutes=5)
    missed = [
        one.what["cycle"]
        for one in case.events("target_breached")
        if one.what["target"] == "next_response"
    ]
    assert missed == [1]
