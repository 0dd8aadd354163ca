"""S7, C14: a contact asks for access by mail, follows the link, sets a password and logs in."""

import pytest

from tests.acceptance.customer_success.people import ADDRESS, KARIM, MEREL, RUTH, SUSAN
from tests.support.scenario import Desk
from tests.support.visitors import code_in

pytestmark = pytest.mark.acceptance

ACCESS = ADDRESS.replace("@", "+access@")
PASSWORD = "a long enough password"
STRANGER = "somebody@nowhere.example"


@pytest.mark.main_path
def test_access_by_mail(desk: Desk) -> None:
    """S7, C14: the automatic answer stays in the thread and has a link; no case is made."""
    arrival = desk.mail_from(RUTH, "May I have a log-in?", "Please.", to=ACCESS)
    assert arrival.taken
    assert not arrival.has_case
    answer = desk.mail_to(RUTH, "access_link")
    assert answer.references == [arrival.message_id]
    assert answer.header("Auto-Submitted") == "auto-replied"
    assert "/access/reset?code=" in answer.text
    assert f"log in with {RUTH.address}" in answer.text
    visitor = desk.driver.visitor()
    assert visitor.sets(code_in(answer.text), PASSWORD).status == "done"
    assert visitor.logs_in(RUTH.address, PASSWORD).status == "done"
    assert visitor.sets(code_in(answer.text), "another password").status == "refused"


@pytest.mark.parametrize("subject", ["Toegang", "access"])
def test_a_subject_that_says_nothing_else_asks_for_access(desk: Desk, subject: str) -> None:
    """S7: as the definition lists them."""
    assert not desk.mail_from(KARIM, subject, "").has_case
    assert "/access/reset?code=" in desk.mail_to(KARIM, "access_link").text


def test_a_subject_that_says_more_is_a_case(desk: Desk) -> None:
    """S7, C1: trouble with access is no request for it."""
    assert desk.mail_from(KARIM, "No access to my reports").has_case
    assert desk.mails_to(KARIM, "access_link") == []


def test_a_stranger_gets_a_polite_answer_and_no_link(desk: Desk) -> None:
    """S7, C1: taken with the same answer; refused, and kept for the desk to see."""
    arrival = desk.mail_from(STRANGER, "Access", "Let me in.", to=ACCESS)
    assert arrival.taken
    [letter] = desk.mails_to(STRANGER)
    assert letter.notice == "unknown_sender"
    assert "/access/" not in letter.text
    assert len(desk.refusals("unknown_sender")) == 1


def test_automatic_mail_never_causes_mail(desk: Desk) -> None:
    """S7, C4: not at this address either."""
    desk.mail_from(SUSAN, "Access", "Out of office.", to=ACCESS,
                   headers={"Auto-Submitted": "auto-replied"})  # fmt: skip
    assert desk.mails_to(SUSAN) == []


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
    timed_desk.mail_from(SUSAN, "Access", "", to=ACCESS)
    visitor = timed_desk.driver.visitor()
    visitor.sets(code_in(timed_desk.mail_to(SUSAN, "access_link").text), PASSWORD)
    assert visitor.forgets(SUSAN.address) == visitor.forgets(STRANGER)
    link = code_in(timed_desk.mail_to(SUSAN, "password_reset").text)
    assert visitor.sets(link, "yet another password").status == "done"
    assert visitor.logs_in(SUSAN.address, PASSWORD).status == "refused"
    assert visitor.logs_in(SUSAN.address, "yet another password").status == "done"
    assert timed_desk.mails_to(STRANGER) == []


def test_a_link_expires(timed_desk: Desk) -> None:
    """S7: after a day, as the definition says."""
    timed_desk.mail_from(SUSAN, "Access", "", to=ACCESS)
    timed_desk.time_passes(days=1)
    link = code_in(timed_desk.mail_to(SUSAN, "access_link").text)
    assert timed_desk.driver.visitor().sets(link, PASSWORD).rule == "valid_once"


def test_nobody_is_invited_here(desk: Desk) -> None:
    """S7: the definition has another way in."""
    assert desk.driver.invite(MEREL, SUSAN.id).code == "no_invitations"
