"""How a mail of ours that came back is found, and no other (C4, C16)."""

from case_events.contracts.bounces import BounceReceived
from case_events.testing.keys import ANOTHER_SECRET, SECRET
from case_events.tokens.thread import mark_of, message_id, reply_address, return_address

from tests.unit.intake_service.intake_desk import DESK, World, raw_mail
from tests.unit.intake_service.test_accept import take


def bounce(*returned: str) -> bytes:
    """A report in free form about a mail with these header lines."""
    text = "<anna@acme.example>:\r\n550 5.1.1 no such user\r\n\r\n--- Below this line is a copy\r\n"
    body = text + "\r\n" + "\r\n".join(returned)
    return raw_mail(sender="MAILER-DAEMON@mx.example", subject="failure notice",
                    message_id="<b@mx>", body=body)  # fmt: skip


def test_a_bounce_is_found_by_our_message_id_or_its_address_c4() -> None:
    """Each way names the mail, and no other tenant's."""
    world = World()
    case = take(world, raw_mail()).case
    assert case is not None
    ours = message_id(SECRET, "desk", case, "n", "desk.example", public=True)
    back = return_address(SECRET, "desk", case, DESK, ours)
    reply = reply_address(SECRET, "desk", case, DESK, public=True)
    kept = [
        take(world, bounce(f"Message-ID: <{ours}>", f"Reply-To: <{reply}>")),
        take(world, bounce("Subject: Hello"), back),
        take(world, bounce(f"Return-Path: <{back}>")),
        take(world, bounce(f"Reply-To: <{reply}>")),
    ]
    assert [(one.outcome, one.case) for one in kept] == [("bounce", case)] * 4
    found = [event for event in world.events() if isinstance(event, BounceReceived)]
    assert sorted((one.message_id, one.mark) for one in found) == sorted(
        [(ours, ""), ("", mark_of(ours)), ("", mark_of(ours)), ("", "")]
    )


def test_a_bounce_that_names_no_mail_of_ours_is_a_refusal_c4() -> None:
    world = World()
    case = take(world, raw_mail()).case
    assert case is not None
    forged = message_id(ANOTHER_SECRET, "desk", case, "n", "desk.example", public=True)
    elsewhere = message_id(SECRET, "second", case, "n", "desk.example", public=True)
    for written in ("<1@acme.example>", f"<{forged}>", f"<{elsewhere}>"):
        assert take(world, bounce(f"Message-ID: {written}")).why == "bounce"


def test_a_mail_under_our_own_message_id_is_ours_c4() -> None:
    """A relay that sends our mail back to us under another sender begins no loop."""
    world = World()
    case = take(world, raw_mail()).case
    assert case is not None
    ours = message_id(SECRET, "desk", case, "n", "desk.example", public=True)
    assert take(world, raw_mail(message_id=f"<{ours}>")).why == "our own mail"
    assert take(world, raw_mail(message_id="<1234@desk.example>")).outcome == "case"
