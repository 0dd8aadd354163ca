"""C10: people involved at the help desk for recruitment software."""

import pytest
from case_events.contracts.parts import Person as Written
from case_events.contracts.people import AddWatcher, RemoveWatcher

from tests.acceptance.otys.people import DAAN, LOTTE, NADIA, PRIYA, ROOS
from tests.acceptance.otys.steps import form, solve
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance

OUTSIDE = "inhuur@elsewhere.example"


def test_whoever_is_added_gets_every_message(desk: Desk) -> None:
    """C10: a colleague added by the contact, an agent and somebody from outside."""
    case = desk.form_from(LOTTE, form())
    case.contact(LOTTE).asks_for(AddWatcher(watcher=f"contact/{DAAN.id}"))
    case.agent(ROOS).asks_for(AddWatcher(watcher=f"agent/{PRIYA.id}"))
    case.agent(ROOS).asks_for(AddWatcher(personal=Written(OUTSIDE, "Ilse")))
    assert case.seen_by(DAAN) is not None
    case.agent(ROOS).takes_up()
    case.contact(LOTTE).comments("It began on Monday.")
    solve(case, ROOS)
    for follower in (DAAN, PRIYA, OUTSIDE):
        got = [letter.notice for letter in case.mails_to(follower)]
        assert got == ["involved", "taken_up", "contact_wrote_to_all", "solved"]


def test_whoever_is_taken_off_gets_no_more(desk: Desk) -> None:
    """C10: and nobody of another customer is added."""
    case = desk.form_from(LOTTE, form())
    case.contact(LOTTE).asks_for(AddWatcher(watcher=f"contact/{DAAN.id}"))
    case.contact(LOTTE).asks_for(RemoveWatcher(watcher=f"contact/{DAAN.id}"))
    case.agent(ROOS).comments("Which one is it?")
    assert [letter.notice for letter in case.mails_to(DAAN)] == ["involved"]
    answer = case.agent(ROOS).tries.asks_for(AddWatcher(watcher=f"contact/{NADIA.id}"))
    assert (answer.status, answer.rule) == ("refused", "known")
    assert case.mails_to(NADIA) == []
