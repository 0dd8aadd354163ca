"""C12, H5: articles that answer before a case is sent, and what they should be about."""

import pytest

from tests.acceptance.helpcenter.people import DAAN, FLOOR, GEERT, HANNAH, INEKE, LOTTE, SAMIR
from tests.acceptance.helpcenter.steps import form
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


def test_articles_are_suggested_while_a_question_is_typed(desk: Desk) -> None:
    """C12, C14: a few letters do, and so does a sentence with a mistake in it."""
    assert desk.suggests(LOTTE, "question", "loonst")[0] == "correct-a-payslip"
    assert desk.suggests(
        DAAN, "fault", "btw aangifte", "Als ik de aangiffte open, is hij leeg en mist hij regels"
    )[0] == "vat-return-without-lines"  # fmt: skip
    assert desk.suggests(HANNAH, "question", "Our bank connection has expired")[0] == (
        "renew-the-bank-connection"
    )


def test_nothing_is_suggested_to_somebody_with_a_wish(desk: Desk) -> None:
    """C12: the definition says for which types; what was looked for is still found."""
    assert desk.suggests(LOTTE, "wish", "bankkoppeling vernieuwen") == []
    assert desk.finds(LOTTE, "bankkoppeling vernieuwen")[0] == "renew-the-bank-connection"


def test_internal_articles_stay_inside(desk: Desk) -> None:
    """C12: no contact finds or reads them, nor gets them suggested."""
    assert "recover-a-bank-feed" in desk.finds(SAMIR, "bankkoppeling vastgelopen")
    assert "recover-a-bank-feed" not in desk.finds(LOTTE, "bankkoppeling vastgelopen")
    assert "recover-a-bank-feed" not in desk.suggests(LOTTE, "fault", "bankkoppeling vastgelopen")
    assert desk.article_for(LOTTE, "recover-a-bank-feed") is None


def test_the_most_reported_topics_are_listed_first_with_their_articles(timed_desk: Desk) -> None:
    """H5, C13: so that articles can be improved where most is asked."""
    for who, topic in ((LOTTE, "payroll"), (DAAN, "vat"), (LOTTE, "vat"), (DAAN, "vat")):
        timed_desk.form_from(who, form(topic=topic))
    timed_desk.form_from(INEKE, form("fault", topic="vat"))
    timed_desk.form_from(INEKE, form())
    timed_desk.time_passes(minutes=1)
    found = timed_desk.topics(FLOOR)
    assert found is not None
    assert [(x.topic, x.name, x.cases, x.contacts, x.articles) for x in found] == [
        ("vat", "Btw en aangifte", 4, 3, 2),
        ("", "", 1, 1, 0),
        ("payroll", "Salarissen", 1, 1, 1),
    ]
    by_customer = timed_desk.topics(GEERT, by="customer") or []
    assert [(x.topic, x.group["customer"], x.cases) for x in by_customer][:2] == [
        ("vat", "duinzicht", 3), ("", "boekenbus", 1),
    ]  # fmt: skip
    by_type = timed_desk.topics(GEERT, by="case_type") or []
    assert ("vat", "fault", 1) in [(x.topic, x.group["case_type"], x.cases) for x in by_type]


def test_topics_are_counted_by_what_the_desk_has_made_of_a_case(timed_desk: Desk) -> None:
    """H5: an agent fills in the topic of a mail, and the month in which it came counts."""
    case = timed_desk.mail_from(LOTTE).case
    case.agent(FLOOR).fills_in(topic="bank")
    timed_desk.it_is("2026-04-02T09:00+02:00")
    assert timed_desk.topics(FLOOR) == []
    (march,) = timed_desk.topics(FLOOR, since="2026-03-01", until="2026-04-01", by="month") or []
    assert (march.topic, march.group, march.cases) == ("bank", {"month": "2026-03"}, 1)


@pytest.mark.by_platform("C5")
def test_contacts_have_no_reports_on_topics(desk: Desk) -> None:
    """H5, C5"""
    assert desk.topics(LOTTE) is None
