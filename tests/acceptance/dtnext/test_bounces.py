"""C4: mail that does not arrive is news for the desk, and stops at a dead address."""

import pytest
from case_events.contracts.bounces import MendAddress
from case_events.contracts.parts import Person as Whom

from tests.acceptance.dtnext.people import ADDRESS, ANOUK, SANNE
from tests.support.desk.case_steps import Case
from tests.support.desk.mails import Letter
from tests.support.desk.scenario import Arrival, Desk

pytestmark = pytest.mark.acceptance

DEAD = "550 5.1.1 <anouk@vandijk.example> user unknown"
FULL = "552 5.2.2 mailbox full"


def bounces(desk: Desk, letter: Letter, why: str = DEAD, action: str = "failed") -> Arrival:
    """The mail server of the customer reports that a letter did not arrive."""
    returned = letter.raw.decode().replace("\r\n", "\n").partition("\n\n")[0]
    report = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.vandijk.example>\n"
        f"To: {letter.reply_to}\nMessage-ID: {desk.new_message_id()}\n"
        "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {ANOUK.address}\nAction: {action}\n"
        f"Status: {why[4:9]}\nDiagnostic-Code: smtp; {why}\n--b\n"
        f"Content-Type: text/rfc822-headers\n\n{returned}\n\n--b--\n"
    )
    return desk.mail(report.encode(), "", ADDRESS)


def started(desk: Desk) -> Case:
    """A case that an agent has, and took up."""
    case = desk.mail_from(ANOUK).case
    case.agent(SANNE).assigns("first_line", SANNE)
    case.agent(SANNE).takes_up()
    return case


@pytest.mark.main_path
def test_a_bounce_stands_in_the_case_and_the_desk_hears_of_it(desk: Desk) -> None:
    """C4: it opens no case, and nobody answers it."""
    case = started(desk)
    letter = case.mail_to(ANOUK, "taken_up")
    arrival = bounces(desk, letter)
    assert arrival.case.reference == case.reference
    bounce = case.event("notice_bounced")
    assert bounce.internal
    assert (bounce.what["notice"], bounce.what["recipient"]) == (
        "taken_up", f"contact/{ANOUK.id}")  # fmt: skip
    assert (bounce.what["status"], bounce.what["hard"]) == ("5.1.1", True)
    shown = case.mail_to(SANNE, "bounced")
    assert ANOUK.address in shown.subject
    assert DEAD in shown.text
    (lost,) = case.shown.bounces
    assert (lost.address, lost.standing, lost.reason) == (ANOUK.address, "hard", DEAD)
    assert desk.mails_to("MAILER-DAEMON@mx.vandijk.example") == []
    own = case.seen_by(ANOUK)
    assert own is not None
    assert own.bounces == []


@pytest.mark.main_path
def test_a_dead_address_gets_no_mail_until_an_agent_mends_it(desk: Desk) -> None:
    """C4: about no case; who mends it is on record."""
    case, other = started(desk), started(desk)
    bounces(desk, case.mail_to(ANOUK, "taken_up"))
    other.agent(SANNE).comments("Which screen?")
    assert other.mails_to(ANOUK, "answer") == []
    suppressed = other.events("notice_suppressed")[-1]
    assert suppressed.what["reason"] == "undeliverable"
    (dead,) = other.shown.bounces
    assert (dead.address, dead.standing) == (ANOUK.address, "hard")
    mend = MendAddress(recipient="", personal=Whom(ANOUK.address))
    assert other.agent(SANNE).asks_for(mend).status == "done"
    mended = other.event("address_mended")
    assert (mended.who.id, mended.what["recipient"]) == (SANNE.id, f"contact/{ANOUK.id}")
    assert other.shown.bounces == []
    case.agent(SANNE).comments("Which screen?")
    assert len(case.mails_to(ANOUK, "answer")) == 1


def test_a_mail_from_a_dead_address_shows_that_it_is_alive(desk: Desk) -> None:
    """C4: also where it begins another case."""
    case = started(desk)
    bounces(desk, case.mail_to(ANOUK, "taken_up"))
    desk.time_passes(minutes=1)
    again = desk.mail_from(ANOUK, "Another thing", "The mouse.").case
    again.mail_to(ANOUK, "confirmation")
    case.agent(SANNE).comments("Which screen?")
    case.mail_to(ANOUK, "answer")


def test_a_full_mailbox_gets_the_next_mail(desk: Desk) -> None:
    """C4: a mail was lost, and the address is alive."""
    case = started(desk)
    bounces(desk, case.mail_to(ANOUK, "taken_up"), FULL)
    assert not case.event("notice_bounced").what.get("hard")
    case.mail_to(SANNE, "bounced")
    case.agent(SANNE).comments("Which screen?")
    case.mail_to(ANOUK, "answer")


def test_a_delayed_mail_is_on_record_and_the_desk_is_left_alone(desk: Desk) -> None:
    """C4: until it fails, which is news again; the same report twice is not."""
    case = started(desk)
    letter = case.mail_to(ANOUK, "taken_up")
    bounces(desk, letter, "450 4.4.1 no answer", "delayed")
    assert case.mails_to(SANNE, "bounced") == []
    for _ in range(2):
        bounces(desk, letter)
    delayed, failed = case.events("notice_bounced")
    assert (delayed.what["delayed"], failed.what["hard"]) == (True, True)
    case.mail_to(SANNE, "bounced")


@pytest.mark.by_platform("C4")
def test_a_bounce_of_a_mail_of_nobody_is_kept_for_the_desk(desk: Desk) -> None:
    """C4: nothing vanishes."""
    text = "<piet@example.org>:\n550 5.1.1 no such user\n\nMessage-ID: <unknown@elsewhere.example>"
    arrival = desk.mail_from("MAILER-DAEMON@mx.example", "failure notice", text)
    assert not arrival.has_case
    (refusal,) = desk.refusals("bounce")
    assert desk.driver.arrived("dtnext", getattr(refusal.data, "raw", "")) is not None
    assert desk.mails_to("MAILER-DAEMON@mx.example") == []


def test_a_contact_cannot_stop_the_mail_of_another(desk: Desk) -> None:
    """C4: a report marks the address that its mail was sent to, whatever it says."""
    case = started(desk)
    letter = case.mail_to(ANOUK, "taken_up")
    forged = letter.raw.decode().replace("\r\n", "\n").partition("\n\n")[0]
    raw = (
        f"From: MAILER-DAEMON@evil.example\nTo: {ADDRESS}\nMessage-ID: {desk.new_message_id()}\n"
        f"Subject: failure notice\n\n<{SANNE.address}>:\n550 5.1.1 no such user\n\n"
        f"--- Below this line is a copy of the message.\n\n{forged}\n"
    )
    desk.mail(raw.encode(), "", ADDRESS)
    assert case.event("notice_bounced").what["recipient"] == f"contact/{ANOUK.id}"
    case.contact(ANOUK).replies_by_mail("Here I am.", to=letter, by="token")
    case.mail_to(SANNE, "contact_wrote")


@pytest.mark.main_path
@pytest.mark.parametrize("field", ["X-Auto-Response-Suppress", "Precedence", "List-Id", "X-Loop"])
@pytest.mark.by_platform("C4")
def test_a_known_person_who_wants_no_answer_has_a_case_without_one(desk: Desk, field: str) -> None:
    """C4: lists and companies add such fields to what people write."""
    values = {"Precedence": "list", "List-Id": "<x.vandijk.example>", "X-Loop": "yes"}
    headers = {field: values.get(field, "All")}
    case = desk.mail_from(ANOUK, headers=headers).case
    assert case.mails_to(ANOUK) == []
    assert case.event("notice_suppressed").what["reason"] == "asked_no_answer"
    case.agent(SANNE).takes_up()
    case.mail_to(ANOUK, "taken_up")
