"""C14, C15, C16: the help desks that may call in the second line, and nobody else, get in."""

import pytest

from tests.acceptance.jouw_omgeving.people import (
    ADDRESS,
    ALICE,
    CARLA,
    FENNA,
    LIEKE,
    MARLEEN,
    RUTH,
    TARIK,
)
from tests.acceptance.jouw_omgeving.steps import form
from tests.support.desk.access_steps import (
    NOBODY_KNOWN,
    PASSWORD,
    comes_in,
    gets_no_mail,
    invited,
    plus_access,
    resets,
)
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person
from tests.support.desk.visitors import code_in

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize(
    ("contact", "words"),
    [(FENNA, "namens uw organisatie kunnen inschakelen"), (RUTH, "may call us in for your")],
    ids=["nl", "en"],
)
def test_a_contact_is_invited_and_hands_in_a_case(desk: Desk, contact: Person, words: str) -> None:
    """C14: by name, in their language: redeems, confirms, chooses, logs in."""
    comes_in(desk, LIEKE, contact, f"desk.{contact.id}")
    assert words in " ".join(desk.mail_to(contact, "invitation").text.split())
    assert desk.form_from(contact, form()).shown.contact == contact.id


@pytest.mark.by_platform("C15")
def test_only_the_administrator_invites_and_only_known_contacts(desk: Desk) -> None:
    """C15, C16: not whoever has a shift, nor a contact for a colleague, nor an auditor."""
    for who in (TARIK, CARLA, FENNA, MARLEEN):
        assert desk.driver.invite(who, ALICE.id).code == "may_not_invite"
    unknown = desk.driver.invite(LIEKE, NOBODY_KNOWN)
    assert (unknown.field, unknown.rule) == ("contact", "known_contact")
    assert desk.mails_to(ALICE) == []
    assert desk.mails_to(NOBODY_KNOWN) == []


@pytest.mark.parametrize("to", [ADDRESS, plus_access(ADDRESS)], ids=["subject", "plus"])
def test_a_mail_that_asks_for_access_is_a_case(desk: Desk, to: str) -> None:
    """C1: here the desk decides who is invited; nothing is answered with a link."""
    assert desk.mail_from(ALICE, "Access", "May I have a log-in?", to=to).has_case
    assert desk.mails_to(ALICE, "access_link") == []


def test_codes_and_links_end_as_the_definition_says(timed_desk: Desk) -> None:
    """C15: after a week, eight hours and half an hour; the answer names the rule."""
    visitor = comes_in(timed_desk, LIEKE, ALICE, "alice.monroe")
    late, in_time = (invited(timed_desk, LIEKE, contact) for contact in (FENNA, RUTH))
    visitor.forgets("alice.monroe")
    timed_desk.time_passes(minutes=30)
    link = code_in(timed_desk.mail_to(ALICE, "password_reset").text)
    assert visitor.sets(link, PASSWORD).rule == "valid_once"
    timed_desk.time_passes(days=6, hours=23)
    assert visitor.redeems(in_time).status == "done"
    timed_desk.time_passes(hours=8)
    link = code_in(timed_desk.mail_to(RUTH, "confirm_address").text)
    for answer in (visitor.redeems(late), visitor.confirms(link)):
        assert (answer.field, answer.rule) == ("code", "valid_once")


def test_a_forgotten_password_is_reset_by_mail(timed_desk: Desk) -> None:
    """C14, C16: nothing tells who has an account; one without gets no way in like this."""
    visitor = comes_in(timed_desk, LIEKE, RUTH, "ruth.adler")
    resets(timed_desk, visitor, RUTH, "ruth.adler")
    assert "for your account ruth.adler" in timed_desk.mail_to(RUTH, "password_reset").text
    gets_no_mail(timed_desk, visitor, "ruth.adler")
    assert visitor.forgets(ALICE.address).status == "done"
    assert timed_desk.mails_to(ALICE) == []
