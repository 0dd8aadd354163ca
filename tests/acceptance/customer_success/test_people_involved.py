"""S6, C10: anyone added follows the case and gets everything about it."""

import pytest
from case_events.contracts.parts import Person as Written
from case_events.contracts.people import AddWatcher

from tests.acceptance.customer_success.people import KARIM, LOTTE, MARK, MEREL
from tests.acceptance.customer_success.steps import assessed, solve
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance

OUTSIDE = "inhuur@elsewhere.example"


def test_anyone_added_gets_everything_about_the_case(desk: Desk) -> None:
    """S6, C10: a colleague, and somebody from outside."""
    case = assessed(desk, LOTTE, MEREL, "P3")
    case.contact(LOTTE).asks_for(AddWatcher(watcher=f"contact/{MARK.id}"))
    case.agent(MEREL).asks_for(AddWatcher(personal=Written(OUTSIDE, "Ilse")))
    case.agent(MEREL).comments("Which week is it?")
    case.contact(LOTTE).comments("Week 10.")
    solve(case, MEREL)
    for follower in (MARK, OUTSIDE):
        got = [letter.notice for letter in case.mails_to(follower)]
        assert got == ["involved", "answer", "contact_wrote_to_all", "solved"]
    assert case.seen_by(MARK) is not None


@pytest.mark.by_platform("C5", "S6")
def test_nobody_of_another_customer_is_added(desk: Desk) -> None:
    """S6, C5."""
    case = assessed(desk, LOTTE, MEREL, "P3")
    answer = case.agent(MEREL).tries.asks_for(AddWatcher(watcher=f"contact/{KARIM.id}"))
    assert (answer.status, answer.rule) == ("refused", "known")
    assert case.mails_to(KARIM) == []
