"""O7, C1, C7, C15: the emergency line, whom it is for, and the telephone menu."""

from datetime import datetime

import pytest
from case_events.contracts.refusals import InputRefused

from tests.acceptance.otys.conftest import simulated
from tests.acceptance.otys.people import (
    ADDRESS,
    DAAN,
    DENNIS,
    HELPDESK,
    JOKE,
    KEES,
    LOTTE,
    MARIT,
    MARK,
    ON_CALL,
    ROOS,
    TENANT,
)
from tests.acceptance.otys.steps import emergency, form, phoned
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person
from tests.support.driver.several_tenants import SideBySideDriver

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("contact", [LOTTE, MARK], ids=["super-user", "key-user"])
def test_an_emergency_skips_triage(timed_desk: Desk, contact: Person) -> None:
    """O7, C1, C11: urgent and in progress at once, with those on call, under its own way in."""
    case = timed_desk.form_from(contact, emergency())
    assert (case.status, case.priority, case.shown.team) == ("in_progress", "urgent", "on_call")
    assert (case.event("case_created").channel, case.shown.channel) == ("emergency", "emergency")
    assert [entry.after for entry in case.events("status_changed")] == ["in_progress"]
    assert case.mail_to(contact, "received")
    assert case.flaws == []


def test_an_emergency_pages_whoever_is_on_call(world: SideBySideDriver, timed_desk: Desk) -> None:
    """O7: by mail and by the pager, as the directory says of that day."""
    case = timed_desk.form_from(MARK, emergency())
    assert "SPOED" in case.mail_to(DENNIS, "emergency").subject
    assert case.mails_to(MARIT) == []
    [call] = world.platform.calls
    assert (call.notice, call.recipient) == ("emergency", f"agent/{DENNIS.id}")
    assert (call.message.reference, call.message.priority) == (case.reference, "urgent")
    case.agent(ROOS).assigns("helpdesk")
    timed_desk.it_is("2026-03-09T09:00+01:00")
    later = timed_desk.form_from(MARK, emergency())
    assert later.mail_to(MARIT, "emergency")
    assert [one.recipient for one in world.platform.calls[1:]] == [f"agent/{MARIT.id}"]


def test_where_nobody_is_on_call_their_team_is_told() -> None:
    """O7: an emergency is never paged to nobody."""
    with simulated(datetime.fromisoformat("2026-03-23T09:00:00+01:00")) as driver:
        case = Desk(driver, ADDRESS, JOKE).form_from(LOTTE, emergency())
        assert case.mail_to(ON_CALL, "emergency")
        assert [one.recipient for one in driver.platform.calls] == ["team/on_call"]


@pytest.mark.parametrize(
    ("contact", "case_type", "rule"),
    [(DAAN, "bug", "when"), (LOTTE, "question", "case_types")],
    ids=["normal-user", "no-emergency"],
)
def test_others_are_refused_with_a_pointer(
    desk: Desk, contact: Person, case_type: str, rule: str
) -> None:
    """O7, C1, C15: told whom to turn to instead; what they wrote is kept."""
    [refused] = desk.refused_form_from(contact, emergency(case_type))
    assert (refused.field, refused.rule) == ("channel", rule)
    assert "super user van je organisatie" in refused.reason
    kept = desk.refusals("not_allowed")[-1]
    assert isinstance(kept.data, InputRefused)
    assert (kept.channel, kept.data.rule) == ("emergency", rule)
    assert desk.driver.arrived(TENANT, kept.data.raw) is not None


@pytest.mark.parametrize(
    "moment",
    ["2026-03-07T12:00:00+01:00", "2026-04-27T12:00:00+02:00"],
    ids=["saturday", "kings-day"],
)
def test_the_line_is_there_on_working_days(moment: str) -> None:
    """O7: not in the weekend nor on a holiday."""
    with simulated(datetime.fromisoformat(moment)) as driver:
        [refused] = Desk(driver, ADDRESS, JOKE).refused_form_from(LOTTE, emergency())
        assert (refused.field, refused.rule) == ("channel", "hours")
        assert "op werkdagen" in refused.reason


@pytest.mark.parametrize(
    ("choice", "team"),
    [("finance", "finance"), ("sales", "sales"), ("anything_else", "helpdesk")],
)
def test_the_telephone_menu_routes(desk: Desk, choice: str, team: str) -> None:
    """O7, C1, C7: to the team of the choice that the agent types in, which is on record."""
    case = desk.form_from(ROOS, phoned(KEES, choice, "question"))
    assert case.shown.team == team
    created = case.event("case_created")
    assert (created.channel, created.what["menu"]) == ("phone", choice)
    address = {"finance": "administratie@wervingswerk.example",
               "sales": "verkoop@wervingswerk.example"}.get(choice)  # fmt: skip
    assert not address or case.mail_to(address, "arrived_at_team")
    assert case.mails_to(HELPDESK) == []


def test_an_emergency_by_telephone(desk: Desk) -> None:
    """O7, C1: the third choice is the emergency line, for those whom that is for."""
    case = desk.form_from(ROOS, phoned(KEES, "emergencies"))
    created = case.event("case_created")
    assert (created.channel, created.what["menu"]) == ("emergency", "emergencies")
    assert (case.status, case.priority, case.shown.team) == ("in_progress", "urgent", "on_call")
    [refused] = desk.refused_form_from(ROOS, phoned(DAAN, "emergencies"))
    assert (refused.field, refused.rule) == ("channel", "when")
    [unknown] = desk.refused_form_from(ROOS, phoned(KEES, "complaints"))
    assert (unknown.field, unknown.rule) == ("menu", "options")


def test_only_the_emergency_line_is_for_key_users(desk: Desk) -> None:
    """O7, O1: an ordinary bug still comes from a super user."""
    assert desk.form_from(MARK, emergency()).shown.contact == MARK.id
    [refused] = desk.refused_form_from(MARK, form("bug"))
    assert (refused.field, refused.rule) == ("type", "when")
