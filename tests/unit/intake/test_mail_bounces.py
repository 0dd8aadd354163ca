"""C4: bounces in the forms of real mail servers; a forwarded one is a mail of its sender."""

import pytest
from case_intake.domain.mail import Bounce, read_mail

DAEMON = "Mail Delivery System <mailer-daemon@mta.example>"
REPORT = (
    "Reporting-MTA: dns; mta.example\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\n"
    "Status: {status}\nDiagnostic-Code: smtp; {why}"
)
RETURNED = (
    "Message-ID: <abc.def@desk.example>\nReply-To: desk+token@desk.example\n"
    "From: desk@desk.example\nTo: piet@example.org\nSubject: Hello\n\nHello"
)


def bounce(subject: str, text: str, *fields: str, sender: str = DAEMON) -> Bounce | None:
    """The bounce in a mail of plain text."""
    head = (f"From: {sender}", "To: desk@desk.example", f"Subject: {subject}", *fields)
    return read_mail(("\n".join(head) + f"\n\n{text}\n").encode()).bounce


def parts(*bodies: tuple[str, str], kind: str = "report", sender: str = DAEMON) -> Bounce | None:
    """The bounce in a multipart."""
    body = "\n".join(f"--b\nContent-Type: {of}\n\n{text}" for of, text in bodies) + "\n--b--"
    field = f"Content-Type: multipart/{kind}; boundary=b"
    return bounce("Undelivered Mail Returned to Sender", body, field, sender=sender)


def report(to: str = "piet@example.org", action: str = "failed", status: str = "5.1.1",
           why: str = "550 no") -> str:  # fmt: skip
    return REPORT.format(to=to, action=action, status=status, why=why)


FORMS = {
    "no address of the server": (
        "Mail delivery failed",
        "The mail agent could not hand over your mail to <piet@example.org>.\n\nmx said:\n"
        "550 5.1.1 No such mailbox here",
        "MAILER-DAEMON <>",
    ),
    "subject of its own": (
        "There was an error sending your mail",
        "piet@example.org\n    550 5.1.1 unknown mailbox",
        DAEMON,
    ),
    "reason beside the address": (
        "Mail delivery failed: returning message to sender",
        "The following address failed:\n\npiet@example.org: 550 5.1.1 no such mailbox",
        DAEMON,
    ),
    "log first": (
        "mail failed, returning to sender",
        "|--- Message log follows: ---|\n|--- Failed addresses follow: ---|\n<piet@example.org> "
        "... unknown user\n|--- Message text follows: ---|\nTo: other@example.org",
        DAEMON,
    ),
    "no words in the subject": (
        "E",
        "Your message did not reach the following recipient(s):\n\npiet@example.org on Monday\n"
        "    Unknown Recipient",
        "System Administrator <postmaster@mta.example>",
    ),
    "dialogue": (
        "Delivery status",
        "Sent <<< RCPT TO:<piet@example.org>\nReceived >>> 550 piet@example.org ... No such user",
        "postmaster@mta.example",
    ),
    "numbered": ("failed delivery", "1. <piet@example.org>: 550 5.1.1 user unknown", DAEMON),
}


@pytest.mark.parametrize(("subject", "text", "sender"), FORMS.values(), ids=FORMS.keys())
def test_the_free_forms_of_servers(subject: str, text: str, sender: str) -> None:
    found = bounce(subject, text, sender=sender)
    assert found is not None
    assert (found.recipients, found.hard, found.delayed) == (("piet@example.org",), True, False)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undelivered mail", "550 5.1.1 piet@example.org unknown user. What does this mean?"),
        ("Fwd: Mail delivery failed", "<piet@example.org>: 550 5.1.1 user unknown"),
    ],
)
def test_a_person_who_writes_about_one_is_a_person(subject: str, text: str) -> None:
    assert bounce(subject, text, sender="anouk@dijk.example") is None


@pytest.mark.parametrize("of", ["message/delivery-status", "message/global-delivery-status"])
def test_a_forwarded_report_is_a_mail_of_its_sender(of: str) -> None:
    raw = (
        "From: Anouk <anouk@dijk.example>\nSubject: Fwd: Undelivered Mail\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nWhy do your mails fail?\n"
        f"--b\nContent-Type: {of}\n\n{report()}\n--b\nContent-Type: message/rfc822\n\n{RETURNED}\n"
        "--b--\n"
    )
    mail = read_mail(raw.encode())
    assert (mail.bounce, mail.automatic.is_, mail.text) == (None, False, "Why do your mails fail?")


def test_an_automatic_reply_from_the_null_sender_is_no_bounce() -> None:
    raw = b"Return-Path: <>\nFrom: piet@example.org\nSubject: Away\n\nI could not be sent home.\n"
    assert read_mail(raw).bounce is None


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "deliverable"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    found = parts(("text/plain", "Good"), ("message/delivery-status", report(action=action,
                  status="2.1.5", why="250 ok")))  # fmt: skip
    assert found is None


def test_a_report_in_another_multipart_counts_from_a_server_only() -> None:
    bodies = (("text/plain", "Sorry"), ("message/delivery-status", report()))
    assert parts(*bodies, kind="mixed") is not None
    assert parts(*bodies, kind="mixed", sender="anouk@dijk.example") is None


def test_a_quoted_recipient_is_read() -> None:
    found = parts(("text/plain", "x"), ("message/delivery-status", report('"piet..j"@example.org')))
    assert found is not None
    assert found.recipients == ('"piet..j"@example.org',)


@pytest.mark.parametrize(
    ("status", "why", "hard"),
    [
        ("5.1.1", "550 5.1.1 user unknown", True),
        ("5.1.10", "556 null MX", True),
        ("5.4.4", "host not found", True),
        ("5.0.0", "550 no such user here", True),
        ("5.7.1", "554 recipient address rejected: user unknown", True),
        ("5.2.2", "552 mailbox full", False),
        ("5.0.0", "552 over quota", False),
        ("5.3.4", "552 message too big", False),
        ("5.7.26", "550 DMARC policy", False),
        ("5.7.1", "554 blocked as spam, unknown user listed", False),
        ("5.0.0", "550 refused", False),
        ("4.1.1", "450 user unknown", False),
    ],
)
def test_an_address_is_dead_only_if_the_reason_is_the_address(
    status: str, why: str, hard: bool
) -> None:
    """A mail that was too big, or refused as spam, must not stop the next mail."""
    found = parts(("text/plain", "x"), ("message/delivery-status", report(status=status, why=why)))
    assert found is not None
    assert (found.status, found.hard) == (status, hard)


def test_a_delayed_mail_is_not_lost_yet() -> None:
    delays = report(action="delayed", status="4.4.1")
    found = parts(("text/plain", "x"), ("message/delivery-status", delays))
    assert found is not None
    assert (found.delayed, found.hard) == (True, False)
    text = (
        "Your mail could not be delivered for 2 hours. It will be retried.\n<piet@example.org>: 451"
    )
    free = bounce("Delayed Mail (still being retried)", text)
    assert free is not None
    assert (free.delayed, free.hard) == (True, False)


RETURNS = {
    "part": parts(("text/plain", "x"), ("message/delivery-status", report()),
                  ("message/rfc822", RETURNED)),
    "headers": parts(("text/plain", "x"), ("message/delivery-status", report()),
                     ("text/rfc822-headers", RETURNED)),
    "text": bounce("failure notice", "<piet@example.org>:\n550 no such user\n\n"
                   f"--- Below this line is a copy of the message.\n\n{RETURNED}"),
}  # fmt: skip


@pytest.mark.parametrize("found", RETURNS.values(), ids=RETURNS.keys())
def test_the_returned_mail_is_named(found: Bounce | None) -> None:
    assert found is not None
    assert found.recipients == ("piet@example.org",)
    assert found.returned[:2] == ("abc.def@desk.example", "desk+token@desk.example")


def test_the_answered_id_is_the_last_resort() -> None:
    found = bounce("failure notice", "piet@example.org: 550 no", "In-Reply-To: <a.b@desk.example>")
    assert found is not None
    assert found.returned == ("a.b@desk.example",)
    assert found.reason == "piet@example.org: 550 no"
