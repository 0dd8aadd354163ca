"""C14: whatever a contact reads is in their language."""

import pytest

from tests.acceptance.dtnext.people import ANOUK, GRACE, JOOST, OLIVIA, SANNE
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person

pytestmark = pytest.mark.acceptance


@pytest.mark.main_path
@pytest.mark.parametrize(
    ("contact", "language", "received", "working", "solution"),
    [
        (JOOST, "nl", "We hebben uw melding ontvangen", "Beste", "We hebben een oplossing"),
        (OLIVIA, "en", "We have received your case", "Dear", "We have a solution"),
    ],
    ids=["nl", "en"],
)
def test_mails_are_in_the_contacts_language(
    desk: Desk, contact: Person, language: str, received: str, working: str, solution: str
) -> None:
    """C14, D16: subject, text, and what the mail says that it is."""
    case = desk.mail_from(contact, "Hm", "Hm?").case
    case.agent(SANNE).takes_up()
    case.agent(SANNE).resolves("Ok.", cause="None")
    confirmation = case.mail_to(contact, "confirmation")
    assert received in confirmation.subject
    assert confirmation.header("Content-Language") == language
    assert case.mail_to(contact, "taken_up").text.startswith(working)
    assert solution in case.mail_to(contact, "resolved").text


def test_names_in_mails_are_in_the_contacts_language(desk: Desk) -> None:
    """C14: types, priorities and statuses too."""
    dutch, english = desk.mail_from(ANOUK).case, desk.mail_from(GRACE).case
    assert "P3 Normaal" in dutch.mail_to(ANOUK, "confirmation").text
    assert "P3 Normal\n" in english.mail_to(GRACE, "confirmation").text


def test_steps_are_in_the_readers_language(desk: Desk) -> None:
    """C14: on the same case, each their own."""
    titles = {}
    for reader in (ANOUK, GRACE):
        shown = desk.mail_from(reader).case.seen_by(reader)
        assert shown is not None
        titles[reader.id] = [step.title for step in shown.steps]
    assert titles[ANOUK.id] == ["Sluiten", "Annuleren"]
    assert titles[GRACE.id] == ["Close", "Cancel"]


def test_a_stranger_is_answered_in_both_languages(desk: Desk) -> None:
    """C14: nobody knows which one they read."""
    desk.mail_from("someone@nowhere.example", "Hello", "Hi")
    text = desk.mail_to("someone@nowhere.example").text
    assert "We ontvingen uw bericht" in text
    assert "We received your message" in text
