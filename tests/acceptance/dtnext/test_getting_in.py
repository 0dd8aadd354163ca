"""D13, C14, C16: only authorised contacts get in, by invitation and confirmed address."""

import pytest
from case_events.topics import MESSAGES

from tests.acceptance.dtnext.people import FATIMA, GRACE, HENDRIK, PIETER, SANNE, TOM
from tests.support.desk.access_steps import (
    ANOTHER,
    NOBODY_KNOWN,
    PASSWORD,
    comes_in,
    invited,
    resets,
)
from tests.support.desk.scenario import Desk
from tests.support.desk.visitors import code_in
from tests.support.driver.simulated import SimulatedDriver

pytestmark = pytest.mark.acceptance


@pytest.mark.main_path
def test_an_invited_contact_redeems_confirms_and_logs_in(desk: Desk) -> None:
    """D13, C14: a mail with link and code, a mail that confirms the address, then user name and
    password; a forgotten one is reset by mail; each in the contact's language."""
    visitor = desk.driver.visitor()
    code = invited(desk, SANNE, TOM)
    invitation = desk.mail_to(TOM, "invitation")
    assert "/access/redeem" in invitation.text
    assert "Type your personal code" in invitation.text
    assert visitor.logs_in("tom.hughes", PASSWORD).status == "refused"
    assert visitor.redeems(code).status == "done"
    confirmation = desk.mail_to(TOM, "confirm_address")
    assert "/access/confirm?code=" in confirmation.text
    assert visitor.confirms(code_in(confirmation.text)).status == "done"
    assert visitor.chooses("tom.hughes", PASSWORD).status == "done"
    assert visitor.logs_in("tom.hughes", PASSWORD).status == "done"
    assert visitor.forgets("tom.hughes").status == "done"
    link = code_in(desk.mail_to(TOM, "password_reset").text)
    assert visitor.sets(link, ANOTHER).status == "done"
    assert visitor.logs_in("tom.hughes", PASSWORD).status == "refused"
    assert visitor.logs_in("tom.hughes", ANOTHER).status == "done"


def test_a_code_can_be_used_once(desk: Desk) -> None:
    """D13: neither the personal code nor the link of the second mail works again."""
    code = invited(desk, SANNE, PIETER)
    first, second = desk.driver.visitor(), desk.driver.visitor()
    assert first.redeems(code.lower().replace("-", " ")).status == "done"
    assert second.redeems(code).status == "refused"
    link = code_in(desk.mail_to(PIETER, "confirm_address").text)
    assert first.confirms(link).status == "done"
    assert second.confirms(link).status == "refused"
    assert len(desk.mails_to(PIETER, "confirm_address")) == 1


def test_a_code_expires(timed_desk: Desk) -> None:
    """D13: as the definition says: seven days for the invitation, one for the confirmation."""
    late, in_time = invited(timed_desk, SANNE, PIETER), invited(timed_desk, SANNE, GRACE)
    visitor = timed_desk.driver.visitor()
    timed_desk.time_passes(days=6, hours=23)
    assert visitor.redeems(in_time).status == "done"
    timed_desk.time_passes(hours=1)
    assert visitor.redeems(late).rule == "valid_once"
    timed_desk.time_passes(hours=23)
    assert visitor.confirms(
        code_in(timed_desk.mail_to(GRACE, "confirm_address").text)
    ).rule == "valid_once"  # fmt: skip


def test_a_newer_invitation_takes_the_place_of_the_one_before(desk: Desk) -> None:
    """D13"""
    before, now = invited(desk, SANNE, PIETER), invited(desk, SANNE, PIETER)
    visitor = desk.driver.visitor()
    assert visitor.redeems(before).status == "refused"
    assert visitor.redeems(now).status == "done"


@pytest.mark.by_platform("C15")
def test_a_mistake_in_choosing_costs_no_code(timed_desk: Desk) -> None:
    """D13, C15: a name that is somebody's, a password that is short: said by field and rule."""
    visitor = timed_desk.driver.visitor()
    comes_in(timed_desk, SANNE, GRACE, "grace.miller")
    visitor.redeems(invited(timed_desk, SANNE, PIETER))
    visitor.confirms(code_in(timed_desk.mail_to(PIETER, "confirm_address").text))
    taken = visitor.chooses("Grace.Miller", PASSWORD)
    assert (taken.field, taken.rule) == ("user", "unique")
    theirs = visitor.chooses(FATIMA.address, PASSWORD)
    assert (theirs.field, theirs.rule) == ("user", "own_address")
    short = visitor.chooses("pieter", "kort")
    assert (short.field, short.rule) == ("password", "password")
    assert visitor.chooses("pieter", PASSWORD).status == "done"


def test_only_agents_of_the_desk_invite_and_only_known_contacts(desk: Desk) -> None:
    """D13, C16: neither a contact nor an auditor invites; a stranger is not invited."""
    for who in (FATIMA, HENDRIK):
        assert desk.driver.invite(who, PIETER.id).code == "may_not_invite"
    unknown = desk.driver.invite(SANNE, NOBODY_KNOWN)
    assert (unknown.field, unknown.rule) == ("contact", "known_contact")
    assert desk.mails_to(PIETER) == []
    assert desk.mails_to(NOBODY_KNOWN) == []


def test_a_forgotten_password_is_reset_by_mail(timed_desk: Desk) -> None:
    """D13: by user name or address; the link works once and the old password no more."""
    visitor = comes_in(timed_desk, SANNE, GRACE, "grace.miller")
    resets(timed_desk, visitor, GRACE, "Grace.Miller")
    assert visitor.forgets(GRACE.address).status == "done"
    assert len(timed_desk.mails_to(GRACE, "password_reset")) == 2


def test_nothing_tells_whether_an_address_is_known(timed_desk: Desk) -> None:
    """D13: the same answer for an account, for a contact without one and for a stranger; only
    the first gets a mail."""
    visitor = comes_in(timed_desk, SANNE, GRACE, "grace.miller")
    users = ("grace.miller", PIETER.address, NOBODY_KNOWN)
    answers = [visitor.forgets(user) for user in users]
    assert answers[0] == answers[1] == answers[2]
    assert len(timed_desk.mails_to(GRACE, "password_reset")) == 1
    assert timed_desk.mails_to(PIETER) == []
    assert timed_desk.mails_to(NOBODY_KNOWN) == []
    assert visitor.logs_in("grace.miller", "wrong") == visitor.logs_in("nobody", "wrong")


def test_attempts_are_counted_whether_the_name_is_known_or_not(timed_desk: Desk) -> None:
    """D13: after ten wrong passwords the right one has to wait as well; then one more is free."""
    visitor = comes_in(timed_desk, SANNE, GRACE, "grace.miller")
    for user in ("grace.miller", "nobody"):
        answers = [visitor.logs_in(user, "wrong").code for _ in range(11)]
        assert answers == ["wrong_credentials"] * 10 + ["too_many_attempts"]
    assert visitor.logs_in("grace.miller", PASSWORD).code == "too_many_attempts"
    timed_desk.time_passes(minutes=2)
    assert visitor.logs_in("grace.miller", PASSWORD).status == "done"


def test_codes_cannot_be_guessed_at_leisure(timed_desk: Desk) -> None:
    """D13: ten attempts at one code, and the right one no longer counts for the moment."""
    visitor, code = timed_desk.driver.visitor(), invited(timed_desk, SANNE, PIETER)
    for guess in range(10):
        assert visitor.redeems(f"{code[:-4]}000{guess}").code == "wrong_code"
    assert visitor.redeems(code).code == "too_many_attempts"


def test_whoever_has_an_account_is_not_invited_again(timed_desk: Desk) -> None:
    """D13"""
    comes_in(timed_desk, SANNE, GRACE, "grace.miller")
    assert timed_desk.driver.invite(SANNE, GRACE.address).code == "has_account"


def test_a_code_lies_readable_nowhere(world: SimulatedDriver, timed_desk: Desk) -> None:
    """D13: on its way to the mail it is sealed: in Kafka, in every service's log and effects."""
    code = invited(timed_desk, SANNE, PIETER)
    timed_desk.driver.visitor().redeems(code)
    codes = [code, code_in(timed_desk.mail_to(PIETER, "confirm_address").text)]
    values = [record.value for record in world.platform.bus.records(MESSAGES)]
    assert len(values) == 2
    for process in world.platform.services.values():
        values += [entry.value for entry in process.log.entries()]
        values += [effect.effect.payload for effect in process.log.state.effects.values()]
    for known in codes:
        assert not any(known.encode() in value for value in values)
        assert not any(known.replace("-", "").encode() in value for value in values)
