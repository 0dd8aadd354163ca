"""C4: automatic mail is recognised, so that it never causes mail; bounces are understood."""

import pytest
from case_intake.domain.mail import read_mail

from tests.unit.intake.intake_mails import message, read_body, read_parts

SIGNS = {
    "auto-replied": (b"Auto-Submitted: auto-replied", "auto-submitted: auto-replied"),
    "with comment": (
        b"Auto-Submitted: auto-generated (rejected)",
        "auto-submitted: auto-generated",
    ),
    "auto_reply": (b"Precedence: auto_reply", "precedence: auto_reply"),
    "null Return-Path": (b"Return-Path: <>", "null sender"),
    "X-Autoreply": (b"X-Autoreply: yes", "auto-reply header: X-Autoreply"),
    "X-Autorespond": (b"X-Autorespond: Printer", "auto-reply header: X-Autorespond"),
    "our own": (b"X-Casefold-Message: 1", "our own"),
    "invitation": (b"Content-Type: text/calendar; method=REQUEST", "calendar"),
}
WISHES = {
    "bulk": (b"Precedence: bulk", "precedence: bulk"),
    "list": (b"Precedence: list", "precedence: list"),
    "junk": (b"Precedence: Junk", "precedence: junk"),
    "suppress": (b"X-Auto-Response-Suppress: All", "suppresses automatic answers"),
    "suppress OOF": (b"X-Auto-Response-Suppress: DR, OOF", "suppresses automatic answers"),
    "list id": (b"List-Id: <news.example.org>", "mailing list"),
    "newsletter": (b"List-Unsubscribe: <https://x.nl>", "mailing list"),
    "list server": (b"X-MLServer: fml", "mailing list"),
    "loop": (b"X-Loop: yes", "loop header"),
}


@pytest.mark.parametrize(("field", "why"), SIGNS.values(), ids=SIGNS.keys())
def test_signs_of_a_machine(field: bytes, why: str) -> None:
    """C4."""
    found = read_body(b"x", field).automatic
    assert (found.is_, found.why, found.quiet) == (True, why, True)


@pytest.mark.parametrize(("field", "why"), WISHES.values(), ids=WISHES.keys())
def test_a_wish_for_no_answer_makes_no_machine(field: bytes, why: str) -> None:
    """C4: a machine is told by who wrote, not by who asks not to be answered."""
    found = read_body(b"x", field).automatic
    assert (found.is_, found.why, found.quiet) == (False, why, True)


@pytest.mark.parametrize(
    "field",
    [b"Auto-Submitted: no", b"Precedence: normal", b"X-Auto-Response-Suppress: None",
     b"Return-Path: <a@b.nl>", b"X-Autoreply: no", b"Disposition-Notification-To: a@b.nl",
     b"Auto-Submitted: no (a person)", b"X-Auto-Response-Suppress: DR, RN, NRN", b"X-Loop: no",
     b"X-MS-Exchange-Inbox-Rules-Loop: jan@example.org"],
)  # fmt: skip
def test_what_people_send_is_not_automatic(field: bytes) -> None:
    """C4."""
    found = read_body(b"x", field).automatic
    assert (found.is_, found.quiet) == (False, False)


def test_an_inbox_rule_that_suppresses_answers_is_a_machine() -> None:
    """C4: so Exchange marks its out-of-office replies; a rule that forwards has one header only."""
    fields = (b"X-Auto-Response-Suppress: All", b"X-MS-Exchange-Inbox-Rules-Loop: jan@example.org")
    assert read_body(b"x", *fields).automatic.is_


@pytest.mark.parametrize(
    ("sender", "is_automatic"),
    [("MAILER-DAEMON@x.nl", True), ("postmaster@x.nl", True), ("no-reply@x.nl", True),
     ("noreply+7@x.nl", True), ("shop.do-not-reply@x.nl", True), ("mailer-daemon", True),
     ("post_master@x.nl", True), ("Mail.Delivery.System@x.nl", True), ("MAILER-DAEMON <>", True),
     ("reply@x.nl", False), ("norah.eply@x.nl", False), ("jan@no-reply.nl", False)],
)  # fmt: skip
def test_machines_addresses(sender: str, is_automatic: bool) -> None:
    """C4."""
    assert read_mail(f"From: {sender}\n\nx".encode()).automatic.is_ is is_automatic


@pytest.mark.parametrize(
    ("envelope_from", "is_automatic"), [("", True), ("<>", True), ("a@b.nl", False), (None, False)]
)
def test_the_null_sender_of_smtp_is_automatic(
    envelope_from: str | None, is_automatic: bool
) -> None:
    """C4."""
    assert read_mail(message(b"x"), envelope_from).automatic.is_ is is_automatic


@pytest.mark.parametrize(
    "subject", ["Automatisch antwoord: x", "Automatic reply: x", "Out of Office", "Afwezig: x"]
)
def test_a_subject_alone_is_a_weak_hint(subject: str) -> None:
    """C4: people write such subjects too."""
    raw = f"From: a@b.nl\nSubject: {subject}\n".encode()
    hint = read_mail(raw + b"\nx").automatic
    assert (hint.is_, hint.why) == (False, "automatic subject")
    if ":" in subject:
        assert read_mail(raw + b"In-Reply-To: <1@x>\n\nx").automatic.is_
    assert read_mail(f"From: a@b.nl\nSubject: Re: {subject}\n\nx".encode()).automatic.why is None


def dsn(*groups: str) -> bytes:
    return (
        b"Content-Type: message/delivery-status\n\n"
        + "\n\n".join(("Reporting-MTA: dns; x.nl", *groups)).encode()
    )


FAILED = "Final-Recipient: rfc822; a@x.nl\nAction: failed\nStatus: 5.1.1"
DELAYED = "Final-Recipient: rfc822;b@x.nl\nAction: delayed\nStatus: 4.4.1"
DELIVERED = "Final-Recipient: rfc822;c@x.nl\nAction: delivered\nStatus: 2.0.0"
FULL = "Final-Recipient: rfc822;d@x.nl\nAction: failed\nStatus: 4.2.2"
NO_STATUS = (
    "Final-Recipient: rfc822;e@x.nl\nAction: failed\nDiagnostic-Code: smtp; 550 no such user"
)

REPORTS = {
    "failed": ((FAILED,), (("a@x.nl",), "5.1.1", True)),
    "delayed": ((DELAYED,), (("b@x.nl",), "4.4.1", False)),
    "failed and delayed": ((FAILED, DELAYED), (("a@x.nl",), "5.1.1", True)),
    "delivered": ((DELIVERED,), None),
    "failed for now": ((FULL,), (("d@x.nl",), "4.2.2", False)),
    "no status": ((NO_STATUS,), (("e@x.nl",), "5.0.0", True)),
    "empty": ((), None),
}


@pytest.mark.parametrize(("groups", "wanted"), REPORTS.values(), ids=REPORTS.keys())
def test_delivery_reports_are_understood(
    groups: tuple[str, ...], wanted: tuple[tuple[str, ...], str, bool] | None
) -> None:
    """RFC 3464."""
    kind = b"report; report-type=delivery-status"
    mail = read_parts(kind, b"Content-Type: text/plain\n\nhelaas", dsn(*groups))
    bounce = mail.bounce and (mail.bounce.recipients, mail.bounce.status, mail.bounce.hard)
    assert bounce == wanted
    assert (mail.automatic.why, mail.text) == ("delivery report", "helaas")


def test_bounces_without_a_report_are_guessed() -> None:
    """The form of qmail, and the header of Exim."""
    qmail = read_mail(
        b"From: MAILER-DAEMON@x.nl\nSubject: failure notice\n\nHi.\n\n<a@y.nl>:\n"
        b"Remote host said: 550 5.1.1 no such user\n"
    ).bounce
    assert qmail and (qmail.recipients, qmail.status, qmail.hard) == (("a@y.nl",), "5.1.1", True)
    exim = read_mail(
        b"From: x@y.nl\nX-Failed-Recipients: b@y.nl\nSubject: Mail delivery failed\n\n"
        b"Unrouteable address"
    ).bounce
    assert exim and (exim.recipients, exim.hard) == (("b@y.nl",), True)


def test_a_person_writing_about_a_bounce_is_no_bounce() -> None:
    assert read_mail(b"From: a@b.nl\nSubject: Undeliverable mail?\n\n550 5.1.1").bounce is None


def test_a_read_receipt_is_automatic_and_no_bounce() -> None:
    """C4."""
    mail = read_parts(
        b"report; report-type=disposition-notification",
        b"Content-Type: text/plain\n\ngelezen",
        b"Content-Type: message/disposition-notification\n\nDisposition: displayed",
    )
    assert (mail.automatic.why, mail.bounce) == ("read receipt", None)


@pytest.mark.parametrize(
    ("method", "text", "machine"),
    [(b"REQUEST", b"kom je?", False), (b"CANCEL", b"gaat niet door", False),
     (b"REPLY", b"Jan heeft uw uitnodiging geaccepteerd", True), (b"REQUEST", b"", True)],
)  # fmt: skip
def test_an_invitation_with_a_word_is_a_persons(method: bytes, text: bytes, machine: bool) -> None:
    """C4: the answer to an invitation is made by a click."""
    mail = read_parts(
        b"alternative",
        b"Content-Type: text/plain\n\n" + text,
        b"Content-Type: text/calendar; method=" + method + b"\n\nBEGIN:VCALENDAR",
    )
    assert (mail.automatic.is_, mail.text) == (machine, text.decode())
    assert [one.name for one in mail.attachments] == ["attachment-1.ics"]
