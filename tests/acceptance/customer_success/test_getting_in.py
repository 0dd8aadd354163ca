"""S7, C14: a contact asks for access by mail, follows the link, sets a password and logs in."""

import pytest

from tests.acceptance.customer_success.people import ADDRESS, KARIM, MEREL, RUTH, SUSAN
from tests.support.desk.access_steps import (
    NOBODY_KNOWN,
    PASSWORD,
    answered_with_a_link,
    comes_in_by_mail,
    gets_no_mail,
    plus_access,
    resets,
)
from tests.support.desk.scenario import Desk
from tests.support.desk.visitors import code_in

pytestmark = pytest.mark.acceptance

ACCESS = plus_access(ADDRESS)


@pytest.mark.main_path
def test_access_by_mail(desk: Desk) -> None:
    """S7, C14: the automatic answer stays in the thread and has a link; no case is made."""
    comes_in_by_mail(desk, RUTH, ACCESS)
    assert f"log in with {RUTH.address}" in desk.mail_to(RUTH, "access_link").text


@pytest.mark.parametrize("subject", ["Toegang", "access"])
def test_a_subject_that_says_nothing_else_asks_for_access(desk: Desk, subject: str) -> None:
    """S7: as the definition lists them."""
    assert "Open deze link" in answered_with_a_link(desk, KARIM, subject).text


def test_a_subject_that_says_more_is_a_case(desk: Desk) -> None:
    """S7, C1: trouble with access is no request for it, which Access alone would be."""
    assert desk.mail_from(KARIM, "No access to my reports").has_case
    assert desk.mails_to(KARIM, "access_link") == []
    assert answered_with_a_link(desk, KARIM, "Access")


@pytest.mark.by_platform("C1")
def test_a_stranger_gets_a_polite_answer_and_no_link(desk: Desk) -> None:
    """S7, C1: taken with the same answer; refused, and kept for the desk to see."""
    arrival = desk.mail_from(NOBODY_KNOWN, "Access", "Let me in.", to=ACCESS)
    assert arrival.taken
    [letter] = desk.mails_to(NOBODY_KNOWN)
    assert letter.notice == "unknown_sender"
    assert "/access/" not in letter.text
    assert len(desk.refusals("unknown_sender")) == 1
    assert answered_with_a_link(desk, SUSAN, "Access", to=ACCESS), "who is known gets one"


@pytest.mark.by_platform("C4")
def test_automatic_mail_never_causes_mail(desk: Desk) -> None:
    """S7, C4: not at this address either, which answers everybody else."""
    desk.mail_from(SUSAN, "Access", "Out of office.", to=ACCESS,
                   headers={"Auto-Submitted": "auto-replied"})  # fmt: skip
    assert desk.mails_to(SUSAN) == []
    assert answered_with_a_link(desk, SUSAN, "Access", to=ACCESS)


def test_the_answer_does_not_come_without_end(timed_desk: Desk) -> None:
    """S7: whoever asks again and again gets five links, of which the last one holds."""
    for _ in range(7):
        timed_desk.mail_from(SUSAN, "Access", "", to=ACCESS)
    letters = timed_desk.mails_to(SUSAN, "access_link")
    assert len(letters) == 5
    visitor = timed_desk.driver.visitor()
    assert visitor.sets(code_in(letters[0].text), PASSWORD).status == "refused"
    assert visitor.sets(code_in(letters[-1].text), PASSWORD).status == "done"


def test_a_forgotten_password_is_reset_by_mail(timed_desk: Desk) -> None:
    """S7: the page answers a stranger alike."""
    visitor = comes_in_by_mail(timed_desk, SUSAN, ACCESS)
    resets(timed_desk, visitor, SUSAN, SUSAN.address)
    gets_no_mail(timed_desk, visitor, SUSAN.address)


def test_a_link_expires(timed_desk: Desk) -> None:
    """S7: after a day, as the definition says."""
    timed_desk.mail_from(SUSAN, "Access", "", to=ACCESS)
    timed_desk.time_passes(days=1)
    link = code_in(timed_desk.mail_to(SUSAN, "access_link").text)
    assert timed_desk.driver.visitor().sets(link, PASSWORD).rule == "valid_once"


def test_nobody_is_invited_here(desk: Desk) -> None:
    """S7: the definition has another way in, and no two."""
    assert desk.driver.invite(MEREL, SUSAN.id).code == "no_invitations"
    assert answered_with_a_link(desk, SUSAN, to=ACCESS)
