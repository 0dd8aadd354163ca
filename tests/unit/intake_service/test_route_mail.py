"""Where a mail belongs: every rule, in order (C1, C3, C4, C15, O1)."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.schema.directory import Agent, Contact
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.messages import MessageRequested
from case_events.contracts.parts import UnregisteredContact
from case_events.contracts.refusals import InputRefused
from case_events.contracts.unregistered import unregistered_id
from case_events.envelope import Actor
from case_events.topics import INTAKE, MESSAGES, REFUSALS
from case_intake.domain.inbound import CaseAccess, MailSender, NumberedCase, Thread
from case_intake.domain.mail_routing import Known, route_mail
from case_intake.domain.returned_mail import ReturnedMail
from msgspec.structs import replace

from tests.unit.intake_service.intake_desk import (
    ANNA,
    BEN,
    IVY,
    OLAF,
    arrival,
    definition,
    document,
    raw_mail,
    reference,
)

CASE = NumberedCase(UUID(int=7), "D-2026-0007", "acme", "anna")
OTHER = NumberedCase(UUID(int=8), "D-2026-0008", "other", "olaf")


def known(
    sender: Contact | Agent | None = ANNA,
    *,
    from_us: bool = False,
    returned: ReturnedMail | None = None,
    addressed: Thread | None = None,
    answered: Thread | None = None,
    named: Thread | None = None,
) -> Known:
    """What is known of a mail from this sender."""
    return Known(
        definition=definition(),
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        people=reference(),
        sender=MailSender(
            contact=sender if isinstance(sender, Contact) else None,
            agent=sender if isinstance(sender, Agent) else None,
        ),
        from_us=from_us,
        returned=returned,
        addressed=addressed,
        answered=answered,
        named=named,
    )


def test_a_mail_of_an_active_contact_makes_a_case_c1() -> None:
    routed = route_mail(arrival(raw_mail()), known()).numbered(CASE.id, CASE.reference)
    (draft,) = routed.drafts
    assert (draft.topic, draft.case, draft.channel, draft.definition) == (
        INTAKE, CASE.id, "mail", "desk/1")  # fmt: skip
    assert draft.actor == Actor(kind="contact", id="anna", capacity="contact")
    created = draft.event
    assert isinstance(created, CaseCreated)
    assert (created.reference, created.case_type, created.customer, created.contact) == (
        "D-2026-0007", "fault", "acme", "anna")  # fmt: skip
    assert created.language == "nl"
    assert (created.personal.title, created.personal.text) == ("The printer smokes", "It is hot.")
    assert created.message_id == "1@acme.example"
    assert created.raw == arrival(raw_mail()).raw_key


def test_an_empty_subject_gets_a_title_in_the_contacts_language_c1() -> None:
    created = route_mail(arrival(raw_mail(subject="")), known()).created
    assert created is not None
    assert created.personal.title == "Bericht zonder onderwerp"


def test_a_case_names_its_attachments_c1() -> None:
    mail = raw_mail(
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
        body="--b\r\n\r\nSee file\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: "
        'attachment; filename="smoke.png"\r\n\r\nPNG\r\n--b--',
    )
    came = arrival(mail)
    created = route_mail(came, known()).created
    assert created is not None
    assert created.personal.file_names == ("smoke.png",)
    assert [part.sha256 for part in created.attachments] == [came.files[0].sha256]


@pytest.mark.parametrize("sender", [None, IVY], ids=["unknown", "agent without a customer"])
def test_an_unknown_sender_is_refused_with_one_polite_answer_c1_c15(sender: Agent | None) -> None:
    routed = route_mail(arrival(raw_mail(sender="who@x.example")), known(sender))
    refused, asked = routed.drafts
    assert (refused.topic, asked.topic) == (REFUSALS, MESSAGES)
    assert isinstance(refused.event, InputRefused)
    assert (refused.event.code, refused.event.field, refused.event.rule) == (
        "unknown_sender", "from", "known_contact")  # fmt: skip
    assert refused.event.personal.text == "It is hot."
    assert isinstance(asked.event, MessageRequested)
    assert asked.event.template == "unknown_sender"
    assert asked.event.personal.address == "who@x.example"
    assert asked.event.values == {
        "tenant": "The desk",
        "address": "who@x.example",
        "subject": "The printer smokes",
    }
    assert asked.event.in_reply_to == "1@acme.example"


def test_the_answer_to_one_mail_has_one_key_c4() -> None:
    def key(raw: bytes) -> str:
        event = route_mail(arrival(raw), known(None)).drafts[1].event
        assert isinstance(event, MessageRequested)
        return event.key

    assert key(raw_mail()) == key(raw_mail())
    assert key(raw_mail()) != key(raw_mail(body="Another"))


def test_who_may_not_create_a_case_is_refused_and_answered_o1_c15() -> None:
    routed = route_mail(arrival(raw_mail()), known(BEN))
    refused = routed.drafts[0].event
    assert isinstance(refused, InputRefused)
    assert (routed.outcome, refused.code, refused.field, refused.rule) == (
        "refused", "not_allowed", "type", "when")  # fmt: skip
    assert routed.drafts[1].topic == MESSAGES


def test_a_mail_without_a_sender_is_refused_without_an_answer_c4() -> None:
    raw = b"Subject: Hello\r\n\r\nWho am I?\r\n"
    assert [draft.topic for draft in route_mail(arrival(raw), known(None)).drafts] == [REFUSALS]


@pytest.mark.parametrize(
    ("field", "envelope_from"),
    [
        ("Auto-Submitted: auto-replied", None),
        ("Precedence: auto_reply", None),
        ("X-Any: thing", ""),
    ],
    ids=["Auto-Submitted", "Precedence", "null sender"],
)
@pytest.mark.parametrize("sender", [ANNA, None], ids=["contact", "stranger"])
def test_automatic_mail_is_kept_and_never_answered_c4(
    field: str, envelope_from: str | None, sender: Contact | None
) -> None:
    came = arrival(raw_mail(field), envelope_from=envelope_from)
    routed = route_mail(came, known(sender, answered=Thread(CASE, True)))
    assert routed.why == "automatic_mail"
    assert [draft.topic for draft in routed.drafts] == [REFUSALS]


@pytest.mark.parametrize("sender", [ANNA, None], ids=["contact", "stranger"])
def test_our_own_mail_leads_to_nothing_c4(sender: Contact | None) -> None:
    by_header = route_mail(arrival(raw_mail("X-Casefold-Message: 1")), known(sender))
    by_address = route_mail(arrival(raw_mail()), known(sender, from_us=True))
    for routed in (by_header, by_address):
        assert (routed.outcome, routed.drafts) == ("ignored", ())


PUBLIC, INTERNAL = Thread(CASE, True, CaseAccess.COLLEAGUE), Thread(CASE, False, CaseAccess.SEES)
FOREIGN, NAMED = Thread(CASE, True), Thread(CASE, False, CaseAccess.SEES)


@pytest.mark.parametrize(
    ("facts", "found_by", "public"),
    [
        (known(ANNA, addressed=PUBLIC), "token", True),
        (known(None, addressed=FOREIGN), "token", True),
        (known(None, addressed=Thread(CASE, False)), "token", False),
        (known(OLAF, addressed=FOREIGN), "token", True),
        (
            known(ANNA, addressed=PUBLIC, answered=Thread(OTHER, True, CaseAccess.SEES)),
            "token",
            True,
        ),
        (known(ANNA, answered=PUBLIC), "thread", True),
        (known(ANNA, answered=PUBLIC, named=Thread(OTHER, False, CaseAccess.SEES)), "thread", True),
        (known(ANNA, answered=Thread(OTHER, True), named=NAMED), "subject", True),
        (known(ANNA, named=NAMED), "subject", True),
        (known(IVY, answered=PUBLIC), "thread", True),
        (known(IVY, answered=INTERNAL), "thread", False),
        (known(IVY, named=NAMED), "subject", False),
        (known(ANNA, answered=INTERNAL), "thread", True),
    ],
)
def test_a_reply_is_found_by_token_thread_subject_in_that_order_c4(
    facts: Known, found_by: str, public: bool
) -> None:
    routed = route_mail(arrival(raw_mail(body="Yes\r\n\r\n> quoted")), facts)
    (draft,) = routed.drafts
    reply = draft.event
    assert isinstance(reply, ReplyReceived)
    assert (routed.outcome, routed.case, draft.case) == ("reply", CASE.id, CASE.id)
    assert (reply.found_by, reply.participant, reply.public) == (found_by, True, public)
    assert reply.personal.text == "Yes"


@pytest.mark.parametrize("sender", [OLAF, None], ids=["other customer", "stranger"])
@pytest.mark.parametrize(
    ("answered", "named"),
    [(FOREIGN, None), (None, FOREIGN), (None, PUBLIC)],
    ids=["answered", "named", "named by a colleague"],
)
def test_who_has_no_part_in_a_case_begins_their_own_c4(
    sender: Contact | None, answered: Thread | None, named: Thread | None
) -> None:
    """Or is told why not: nothing that came in stays without an answer."""
    routed = route_mail(arrival(raw_mail()), known(sender, answered=answered, named=named))
    assert routed.outcome == ("case" if sender else "refused")
    assert sender or isinstance(routed.drafts[-1].event, MessageRequested)


@pytest.mark.parametrize(
    ("sender", "actor"),
    [
        (ANNA, Actor(kind="contact", id="anna", capacity="contact")),
        (IVY, Actor(kind="agent", id="ivy", capacity="agent")),
        (None, Actor(kind="unknown", id="", capacity="contact")),
    ],
    ids=["contact", "agent", "unknown"],
)
def test_a_reply_is_its_senders_c4(sender: Contact | Agent | None, actor: Actor) -> None:
    routed = route_mail(arrival(raw_mail()), known(sender, answered=PUBLIC))
    assert routed.drafts[0].actor == actor


def test_what_no_store_can_hold_is_replaced_c1() -> None:
    created = route_mail(arrival(raw_mail(body="a\0b", subject="c\0d")), known()).created
    assert created is not None
    assert "\0" not in created.personal.text + created.personal.title


def test_an_event_fits_a_broker_however_long_the_mail_is_c1() -> None:
    created = route_mail(arrival(raw_mail(body="word " * 100_000)), known()).created
    assert created is not None
    assert len(created.personal.text) == 100_000


def test_a_strangers_reply_is_theirs_by_address_also_when_the_directory_knows_them_since() -> None:
    theirs = NumberedCase(UUID(int=9), "D-2026-0009", "", unregistered_id(ANNA.email))
    for contact, actor in ((None, unregistered_id(ANNA.email)), (ANNA, "anna")):
        sender = MailSender(
            contact=contact, unregistered=unregistered_id(ANNA.email), listed=contact is not None
        )
        mail = arrival(raw_mail(subject="D-2026-0009"))
        part = sender.part_in(theirs, (), definition())
        facts = known(named=Thread(theirs, False, part))
        routed = route_mail(mail, replace(facts, sender=sender))
        (draft,) = routed.drafts
        assert isinstance(draft.event, ReplyReceived)
        assert draft.event.participant
        assert draft.actor == Actor(kind="contact", id=actor, capacity="contact")


@pytest.mark.parametrize("listed", [True, False])
def test_a_stranger_makes_a_case_where_the_way_in_takes_them(listed: bool) -> None:
    """Who is in the directory and not active is none."""
    changed_document = document()
    changed_document["channels"][0]["unregistered_contacts"] = "accepted"
    changed_document["case_types"][0].pop("when")
    sender = MailSender(unregistered=unregistered_id("ria@home.example"), listed=listed)
    mail = arrival(raw_mail(sender="Ria <ria@home.example>"))
    routed = route_mail(
        mail, replace(known(), sender=sender, definition=compile_definition(changed_document))
    )
    if listed:
        assert (routed.outcome, routed.why) == ("refused", "unknown_sender")
        return
    event = routed.created
    assert event is not None
    assert (event.customer, event.contact, event.language) == ("", sender.unregistered, "en")
    assert event.personal.unregistered == UnregisteredContact(
        address="ria@home.example", name="Ria"
    )
