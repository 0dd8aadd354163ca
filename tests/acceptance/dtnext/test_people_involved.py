"""C10: people involved at the customer service of a software house."""

import pytest
from case_events.contracts.people import AddWatcher

from tests.acceptance.dtnext.people import ANOUK, BRAM, GRACE, JOOST, SANNE
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


def test_whoever_is_added_gets_every_message(desk: Desk) -> None:
    """C10: a colleague of the contact, and an agent who does not work on it."""
    case = desk.mail_from(ANOUK).case
    case.contact(ANOUK).asks_for(AddWatcher(watcher=f"contact/{GRACE.id}"))
    case.agent(SANNE).asks_for(AddWatcher(watcher=f"agent/{BRAM.id}"))
    case.agent(SANNE).comments("Which version is it?")
    case.contact(ANOUK).comments("The newest.")
    assert {letter.notice for letter in case.mails_to(GRACE)} == {
        "involved", "answer", "contact_wrote_to_all"
    }  # fmt: skip
    assert "The newest." in "".join(letter.text for letter in case.mails_to(BRAM))
    assert case.seen_by(GRACE) is not None


@pytest.mark.by_platform("C5", "C10")
def test_nobody_of_another_customer_is_added(desk: Desk) -> None:
    """C10, C5."""
    case = desk.mail_from(ANOUK).case
    answer = case.agent(SANNE).tries.asks_for(AddWatcher(watcher=f"contact/{JOOST.id}"))
    assert (answer.status, answer.rule) == ("refused", "known")
