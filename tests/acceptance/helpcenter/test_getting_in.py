"""H1, C14, C16: logged-in users create cases; how they come to be logged in."""

import pytest

from tests.acceptance.helpcenter.people import AMY, GEERT, LOTTE, RUBEN, THIJS
from tests.acceptance.helpcenter.steps import form
from tests.support.desk.access_steps import NOBODY_KNOWN, comes_in, gets_no_mail, resets
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(
    ("contact", "words"),
    [(LOTTE, "Typ uw persoonlijke code"), (AMY, "Type your personal code")],
    ids=["nl", "en"],
)
def test_an_invited_contact_logs_in_and_creates_a_case(
    desk: Desk, contact: Person, words: str
) -> None:
    """H1, C14: any agent invites; redeems, confirms, chooses, logs in."""
    comes_in(desk, THIJS, contact, f"my.{contact.id}")
    assert words in desk.mail_to(contact, "invitation").text
    assert desk.form_from(contact, form()).shown.contact == contact.id


def test_only_agents_invite_and_only_known_contacts(desk: Desk) -> None:
    """H1, C16: no contact, no auditor, no stranger."""
    for who in (RUBEN, GEERT):
        assert desk.driver.invite(who, AMY.id).code == "may_not_invite"
    assert desk.driver.invite(THIJS, NOBODY_KNOWN).rule == "known_contact"
    assert desk.mails_to(AMY) == []
    assert desk.mails_to(NOBODY_KNOWN) == []


def test_a_forgotten_password_is_reset_by_mail(timed_desk: Desk) -> None:
    """H1, C16: and nothing tells who has an account."""
    visitor = comes_in(timed_desk, THIJS, AMY, "amy")
    resets(timed_desk, visitor, AMY, "amy")
    gets_no_mail(timed_desk, visitor, "amy")
