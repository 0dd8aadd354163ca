"""C10: people involved at platform support."""

import pytest
from case_events.contracts.parts import Person as Written
from case_events.contracts.people import AddWatcher, RemoveWatcher

from tests.acceptance.jouw_omgeving.people import ALICE, EVA, JORIS, LIEKE, SVEN
from tests.acceptance.jouw_omgeving.steps import form, solve
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance

OUTSIDE = "inhuur@elsewhere.example"


def test_whoever_is_added_gets_every_message(desk: Desk) -> None:
    """C10: a colleague added by the contact, an agent and somebody from outside."""
    case = desk.form_from(JORIS, form())
    case.contact(JORIS).asks_for(AddWatcher(watcher=f"contact/{ALICE.id}"))
    case.agent(LIEKE).asks_for(AddWatcher(watcher=f"agent/{SVEN.id}"))
    case.agent(LIEKE).asks_for(AddWatcher(personal=Written(OUTSIDE, "Ilse")))
    assert case.seen_by(ALICE) is not None
    case.agent(LIEKE).takes_up()
    case.contact(JORIS).comments("It began on Monday.")
    solve(case, LIEKE)
    for follower in (ALICE, SVEN, OUTSIDE):
        got = [letter.notice for letter in case.mails_to(follower)]
        assert got == ["involved", "taken_up", "contact_wrote_to_all", "solved"]


def test_whoever_is_taken_off_gets_no_more(desk: Desk) -> None:
    """C10: and nobody of another customer is added."""
    case = desk.form_from(JORIS, form())
    case.contact(JORIS).asks_for(AddWatcher(watcher=f"contact/{ALICE.id}"))
    case.contact(JORIS).asks_for(RemoveWatcher(watcher=f"contact/{ALICE.id}"))
    case.agent(LIEKE).comments("Which one is it?")
    assert [letter.notice for letter in case.mails_to(ALICE)] == ["involved"]
    answer = case.agent(LIEKE).tries.asks_for(AddWatcher(watcher=f"contact/{EVA.id}"))
    assert (answer.status, answer.rule) == ("refused", "known")
    assert case.mails_to(EVA) == []
