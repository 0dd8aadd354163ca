"""O1, C14, C16: every kind of user gets in; what they may create there is another matter."""

import pytest

from tests.acceptance.otys.people import (
    ADDRESS,
    DENNIS,
    EMILY,
    JOKE,
    KEES,
    NADIA,
    OLIVER,
    PRIYA,
    ROOS,
)
from tests.acceptance.otys.steps import form
from tests.support.desk.access_steps import (
    NOBODY_KNOWN,
    PASSWORD,
    answered_with_a_link,
    comes_in,
    comes_in_by_mail,
    gets_no_mail,
    invited,
    plus_access,
    resets,
)
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person
from tests.support.desk.visitors import code_in

pytestmark = pytest.mark.acceptance

ACCESS = plus_access(ADDRESS)


@pytest.mark.parametrize("user", [OLIVER, KEES, NADIA], ids=["normal", "key", "super_user"])
def test_every_kind_of_user_gets_in_by_mail(desk: Desk, user: Person) -> None:
    """O1: a request for access is no case, so that it is no matter of super users."""
    comes_in_by_mail(desk, user, ACCESS)
    assert desk.refusals() == []
    assert desk.cases_of(user) == []


def test_a_normal_user_who_is_in_is_pointed_to_the_super_user_still(desk: Desk) -> None:
    """O1, C15: a password does not make a super user."""
    comes_in_by_mail(desk, OLIVER, ACCESS)
    [answer] = desk.refused_form_from(OLIVER, form("question"))
    assert (answer.field, answer.rule) == ("type", "when")
    assert NADIA.address in answer.reason


@pytest.mark.parametrize(
    ("user", "subject", "words"),
    [(KEES, "INLOGGEN", "Je hebt ons om toegang"), (OLIVER, "log in", "You asked us for access")],
    ids=["nl", "en"],
)
def test_the_subject_alone_asks_too_and_is_answered_in_their_language(
    desk: Desk, user: Person, subject: str, words: str
) -> None:
    """O1, C14"""
    assert words in answered_with_a_link(desk, user, subject).text


def test_a_normal_user_who_writes_about_access_is_pointed_as_ever(desk: Desk) -> None:
    """O1, C1: a subject that says more is a case, and those are for super users."""
    assert not desk.mail_from(OLIVER, "Access to the reports fails").has_case
    assert desk.mail_to(OLIVER).notice == "not_allowed"


@pytest.mark.by_platform("C1")
def test_a_stranger_is_pointed_to_the_super_user_and_gets_no_link(desk: Desk) -> None:
    """O1, C1: a polite answer; what they wrote is kept."""
    assert desk.mail_from(NOBODY_KNOWN, "Access", "Let me in.", to=ACCESS).taken
    [letter] = desk.mails_to(NOBODY_KNOWN)
    assert letter.notice == "unknown_sender"
    assert "super user of" in " ".join(letter.text.split())
    assert "/access/" not in letter.text
    assert len(desk.refusals("unknown_sender")) == 1


@pytest.mark.parametrize(
    ("user", "words"),
    [(NADIA, "Super users doen daar hun meldingen"), (EMILY, "Super users create their cases")],
    ids=["nl", "en"],
)
def test_the_super_user_of_a_new_organisation_is_invited(
    desk: Desk, user: Person, words: str
) -> None:
    """O1, C14: redeems, confirms, chooses; and creates a case then."""
    comes_in(desk, ROOS, user, f"user.{user.id}")
    assert words in desk.mail_to(user, "invitation").text
    assert desk.form_from(user, form("question")).shown.contact == user.id


def test_only_the_administrator_invites(desk: Desk) -> None:
    """O1, C16: neither other agents, nor the product team, nor super users, nor an auditor."""
    for who in (DENNIS, PRIYA, NADIA, JOKE):
        assert desk.driver.invite(who, EMILY.id).code == "may_not_invite"
    assert desk.mails_to(EMILY) == []


def test_invitation_and_link_end_as_the_definition_says(timed_desk: Desk) -> None:
    """O1: after two weeks, and after half a day."""
    code, visitor = invited(timed_desk, ROOS, NADIA), timed_desk.driver.visitor()
    timed_desk.time_passes(days=13, hours=12)
    late = answered_with_a_link(timed_desk, KEES, to=ACCESS)
    timed_desk.time_passes(hours=11)
    assert visitor.redeems(code).status == "done"
    timed_desk.time_passes(hours=1)
    assert visitor.sets(code_in(late.text), PASSWORD).rule == "valid_once"


def test_a_forgotten_password_is_reset_by_mail(timed_desk: Desk) -> None:
    """O1, C14, C16: and nothing tells who has an account."""
    visitor = comes_in(timed_desk, ROOS, EMILY, "emily.ward")
    resets(timed_desk, visitor, EMILY, "Emily.Ward")
    assert "for your account emily.ward" in timed_desk.mail_to(EMILY, "password_reset").text
    gets_no_mail(timed_desk, visitor, "emily.ward")
