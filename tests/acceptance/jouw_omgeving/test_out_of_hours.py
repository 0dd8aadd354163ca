"""J1, C1, C15: office hours, and the way in outside of them."""

from datetime import datetime

import pytest
from case_events.contracts.refusals import InputRefused

from tests.acceptance.jouw_omgeving.conftest import simulated
from tests.acceptance.jouw_omgeving.people import (
    ADDRESS,
    ALICE,
    FENNA,
    LIEKE,
    MARLEEN,
    OUT_OF_HOURS,
    TARIK,
    TENANT,
)
from tests.acceptance.jouw_omgeving.steps import form, out_of_hours
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-02T08:59:59+01:00",
        "2026-03-02T17:30:00+01:00",
        "2026-03-04T02:00:00+01:00",
        "2026-03-07T12:00:00+01:00",
        "2026-03-08T12:00:00+01:00",
        "2026-04-27T12:00:00+02:00",
    ],
    ids=["before-nine", "half-past-five", "night", "saturday", "sunday", "kings-day"],
)
def test_outside_office_hours_whoever_is_on_call_is_paged(moment: str) -> None:
    """J1, C1: by mail and by the pager; the case goes to the out-of-hours team."""
    with simulated(at(moment)) as driver:
        case = Desk(driver, ADDRESS, MARLEEN).form_from(FENNA, out_of_hours())
        assert case.event("case_created").channel == "out_of_hours"
        assert case.shown.team == "out_of_hours"
        assert "Buiten kantooruren" in case.mail_to(TARIK, "out_of_hours").subject
        [call] = driver.platform.calls
        assert (call.recipient, call.message.reference) == (f"agent/{TARIK.id}", case.reference)


def test_where_nobody_is_on_call_the_team_is_told() -> None:
    """J1: a call in the night is never for nobody."""
    with simulated(at("2026-03-14T12:00:00+01:00")) as driver:
        case = Desk(driver, ADDRESS, MARLEEN).form_from(FENNA, out_of_hours())
        assert case.mail_to(OUT_OF_HOURS, "out_of_hours")
        assert [one.recipient for one in driver.platform.calls] == ["team/out_of_hours"]


@pytest.mark.parametrize("moment", ["2026-03-02T09:00:00+01:00", "2026-03-06T17:29:59+01:00"])
def test_within_office_hours_it_is_refused_with_a_pointer(moment: str) -> None:
    """J1, C1, C15: in the language of who reads it; what they wrote is kept."""
    with simulated(at(moment)) as driver:
        desk = Desk(driver, ADDRESS, MARLEEN)
        [dutch] = desk.refused_form_from(FENNA, out_of_hours())
        [english] = desk.refused_form_from(ALICE, out_of_hours())
        assert {(one.field, one.rule) for one in (dutch, english)} == {("channel", "hours")}
        assert "zijn we gewoon bereikbaar" in dutch.reason
        assert "through the portal, by mail or by telephone" in " ".join(english.reason.split())
        for kept in desk.refusals("not_allowed"):
            assert isinstance(kept.data, InputRefused)
            assert driver.arrived(TENANT, kept.data.raw) is not None
        assert len(desk.refusals("not_allowed")) == 2
        assert driver.platform.calls == []


def test_what_can_wait_comes_in_as_ever_and_pages_nobody() -> None:
    """J1, C1: by the portal at night; the out-of-hours way in is for incidents."""
    with simulated(at("2026-03-03T22:00:00+01:00")) as driver:
        desk = Desk(driver, ADDRESS, MARLEEN)
        case = desk.form_from(FENNA, form())
        assert (case.shown.channel, case.shown.team) == ("portal", "platform")
        [refused] = desk.refused_form_from(FENNA, out_of_hours("question"))
        assert (refused.field, refused.rule) == ("channel", "case_types")
        assert driver.platform.calls == []


def test_an_agent_types_in_a_call_at_night() -> None:
    """J1, C1: of whoever calls those on call."""
    with simulated(at("2026-03-03T22:00:00+01:00")) as driver:
        case = Desk(driver, ADDRESS, MARLEEN).form_from(LIEKE, out_of_hours(contact=ALICE.id))
        assert (case.shown.contact, case.shown.team) == (ALICE.id, "out_of_hours")
        assert case.mail_to(TARIK, "out_of_hours")
