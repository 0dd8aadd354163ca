"""D11, C13: questions are counted by customer and quarter; past what is allowed, one mail goes out
and nothing is blocked."""

import pytest
from case_portal.fair_use.service import Used

from tests.acceptance.dtnext.people import ANOUK, BRAM, FATIMA, JOOST, PIETER, SANNE, TENANT
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Form, Person
from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.case_counts import Counted

pytestmark = pytest.mark.acceptance

TEAM = "desk@dtnext.example"
ALLOWED = {"vandijk": 10, "korenaar": 4}


@pytest.fixture
def counted(world: SimulatedDriver) -> Counted:
    """What the desk counts."""
    return Counted(world, TENANT, "Europe/Amsterdam")


def ask(desk: Desk, who: Person, times: int = 1) -> list[Case]:
    """Questions of a contact."""
    values = {"title": "How do I print two labels?", "description": "I can only print one."}
    return [desk.form_from(who, Form(case_type="question", values=values)) for _ in range(times)]


def used(counted: Counted) -> dict[str, Used]:
    return {one.customer: one for one in counted.used()}


def test_the_question_past_fair_use_tells_the_account_agent_once_and_blocks_nothing(
    timed_desk: Desk, counted: Counted
) -> None:
    """D11: the account's agent gets one mail, however often it is looked at."""
    ask(timed_desk, ANOUK, 6)
    ask(timed_desk, PIETER, 4)
    assert (used(counted)["vandijk"].left, used(counted)["vandijk"].over) == (0, 0)
    assert counted.looks_at_fair_use() == []
    (past,) = ask(timed_desk, ANOUK)
    assert past.status == "open"
    past.agent(SANNE).takes_up()
    assert [one.customer for one in counted.looks_at_fair_use()] == ["vandijk"]
    ask(timed_desk, PIETER, 2)
    timed_desk.time_passes(days=2)
    assert counted.looks_at_fair_use() == []
    letter = timed_desk.mail_to(BRAM, "fair_use")
    assert "Van Dijk Logistiek" in letter.subject
    for expected in ("11 vragen", "2026-Q1", "10 toe"):
        assert expected in letter.text
    assert used(counted)["vandijk"].over == 3
    assert past.mails_to(ANOUK, "taken_up")


def test_without_an_account_agent_the_team_is_told(timed_desk: Desk, counted: Counted) -> None:
    """D11: by the number of its own agreement; who has none is not counted."""
    ask(timed_desk, FATIMA, 12)
    ask(timed_desk, JOOST, 5)
    assert [one.customer for one in counted.looks_at_fair_use()] == ["korenaar"]
    assert "Bakkerij De Korenaar" in timed_desk.mail_to(TEAM, "fair_use").subject
    assert timed_desk.mails_to(BRAM, "fair_use") == []
    assert {one.customer: one.allowed for one in counted.used()} == ALLOWED


def test_what_is_no_question_any_more_and_another_quarter_do_not_count(
    timed_desk: Desk, counted: Counted
) -> None:
    """D11, C13: a question that was made an incident is let go; in April it begins anew."""
    first, *_ = ask(timed_desk, JOOST, 5)
    first.agent(SANNE).classifies("incident")
    assert (used(counted)["korenaar"].counted, counted.looks_at_fair_use()) == (4, [])
    timed_desk.it_is("2026-04-01T09:00+02:00")
    ask(timed_desk, JOOST)
    april = used(counted)["korenaar"]
    assert (april.period, april.counted, april.left) == ("2026-Q2", 1, 3)


def test_what_went_past_while_nobody_looked_is_told_afterwards(
    timed_desk: Desk, counted: Counted
) -> None:
    """D11: on the last day of a quarter too, and once for each quarter."""
    timed_desk.it_is("2026-03-31T23:50+02:00")
    ask(timed_desk, JOOST, 5)
    timed_desk.it_is("2026-04-01T00:10+02:00")
    assert [one.period for one in counted.looks_at_fair_use()] == ["2026-Q1"]
    ask(timed_desk, JOOST, 5)
    assert [one.period for one in counted.looks_at_fair_use()] == ["2026-Q2"]
    assert len(timed_desk.mails_to(TEAM, "fair_use")) == 2
