"""C1, C3, C4: mail comes in, whatever it looks like, and finds its case."""

import pytest
from case_events.contracts.base import label_of
from case_events.contracts.intake import CaseCreated
from case_events.contracts.refusals import InputRefused

from tests.acceptance.dtnext.people import ADDRESS, ANOUK, FATIMA, JOOST, PIETER, SANNE
from tests.support.desk.scenario import Desk
from tests.support.desk.values import File

pytestmark = pytest.mark.acceptance

PICTURE = File("Schermafdruk één.png", bytes(range(256)), "image/png")
LOG = File("app.log", b"09:00 started\r\n09:01 stopped\r\n")


@pytest.mark.main_path
def test_a_mail_becomes_a_case_and_is_confirmed(desk: Desk) -> None:
    """C1, C2, C3, D16: from the tenant's own sender, naming the reference."""
    arrival = desk.mail_from(ANOUK, "Het scherm blijft zwart", "Sinds vanmorgen.")
    assert arrival.taken
    case = arrival.case
    assert case.reference.startswith("CAS-")
    shown = case.shown
    assert (shown.title, shown.case_type, shown.status) == (
        "Het scherm blijft zwart", "incident", "open"
    )  # fmt: skip
    assert (shown.contact, shown.customer, shown.team) == (ANOUK.id, "vandijk", "first_line")
    letter = case.mail_to(ANOUK, "confirmation")
    assert letter.sender == ADDRESS
    assert case.reference in letter.text
    assert letter.header("Auto-Submitted") == "auto-replied"


@pytest.mark.main_path
def test_the_confirmation_threads_in_a_mail_program(desk: Desk) -> None:
    """D16: it answers the mail, and every later mail stays in the same thread."""
    arrival = desk.mail_from(ANOUK)
    case, own_id = arrival.case, arrival.message_id
    confirmation = case.mail_to(ANOUK, "confirmation")
    assert confirmation.header("In-Reply-To") == own_id
    assert confirmation.references == [own_id]
    assert confirmation.reply_to.startswith("support+")
    case.agent(SANNE).takes_up()
    taken_up = case.mail_to(ANOUK, "taken_up")
    assert taken_up.references == [own_id, confirmation.message_id]
    assert taken_up.message_id != confirmation.message_id


@pytest.mark.main_path
@pytest.mark.parametrize("by", ["token", "thread", "subject"])
def test_a_reply_adds_to_its_case(desk: Desk, by: str) -> None:
    """C4, D16: found by the signed plus-address, the thread, or the reference in the subject."""
    case = desk.mail_from(ANOUK).case
    reply = case.contact(ANOUK).replies_by_mail("It is the left one.", by=by)
    assert reply.case.reference == case.reference
    comment = case.event("comment_added")
    assert comment.text == "It is the left one."
    assert (comment.who.kind, comment.who.id, comment.channel) == ("contact", ANOUK.id, "mail")


@pytest.mark.main_path
def test_a_reply_brings_its_attachments(desk: Desk) -> None:
    """C1, C4: files come with the mail that makes a case, and with every reply."""
    case = desk.mail_from(ANOUK, attachments=[LOG]).case
    case.contact(ANOUK).replies_by_mail("And this.", by="token", attachments=[PICTURE])
    created, comment = case.event("case_created"), case.event("comment_added")
    assert [file.name for file in created.files] == [LOG.name]
    assert [(file.name, file.type, file.size) for file in comment.files] == [
        (PICTURE.name, PICTURE.type, len(PICTURE.data))
    ]
    for reader in (ANOUK, SANNE):
        assert case.file_for(reader, comment.files[0].sha256) == PICTURE.data
    assert case.file_for(JOOST, comment.files[0].sha256) is None


def test_a_mail_of_html_only_is_read_as_text(desk: Desk) -> None:
    """C1."""
    html = "<html><body><p>Hello,</p><p>the <b>left</b> screen &amp; the mouse.</p></body></html>"
    case = desk.mail_from(ANOUK, "Broken", "", html=html).case
    text = case.event("case_created").text
    assert "the left screen & the mouse." in " ".join(text.split())
    assert "<b>" not in text


@pytest.mark.main_path
def test_latin_1_and_encoded_subjects_are_read(desk: Desk) -> None:
    """C1: as mail programs send them, or do not declare them."""
    head = (
        f"From: Anouk <{ANOUK.address}>\r\nTo: {ADDRESS}\r\nMessage-ID: {desk.new_message_id()}\r\n"
        "Subject: =?iso-8859-1?Q?Caf=E9_crasht?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    case = desk.mail(head.encode() + "Eén cliënt, één fout".encode("latin-1"), ANOUK.address).case
    assert case.shown.title == "Café crasht"
    assert case.event("case_created").text == "Eén cliënt, één fout"


def test_a_broken_charset_is_still_a_case(desk: Desk) -> None:
    """C1: what cannot be read as it says is read as well as can be."""
    head = (
        f"From: {ANOUK.address}\r\nTo: {ADDRESS}\r\nMessage-ID: {desk.new_message_id()}\r\n"
        "Subject: stuk\r\nContent-Type: text/plain; charset=klingon-7\r\n\r\n"
    )
    case = desk.mail(head.encode() + b"Een \xe9\xe9n twee\xff", ANOUK.address).case
    assert "twee" in case.event("case_created").text


@pytest.mark.by_platform("C1")
def test_the_raw_mail_is_kept_as_it_came(desk: Desk) -> None:
    """C1: what arrived is never lost, also where it is refused."""
    arrival = desk.mail_from("stranger@nowhere.example", "Buy this", "Cheap.")
    refused = desk.refusals("unknown_sender")[-1].data
    assert isinstance(refused, InputRefused)
    raw = desk.driver.arrived("dtnext", refused.raw)
    assert raw is not None
    assert raw.replace(b"\r\n", b"\n").strip() == arrival.raw.replace(b"\r\n", b"\n").strip()


@pytest.mark.main_path
@pytest.mark.by_platform("C1", "C15")
def test_a_stranger_gets_one_polite_answer_and_makes_no_case(desk: Desk) -> None:
    """C1, C15: the mail is refused with field and rule, and kept for the agents to see."""
    arrival = desk.mail_from("stranger@nowhere.example", "Buy this", "Cheap.")
    assert arrival.taken
    assert not arrival.has_case
    [refusal] = desk.refusals("unknown_sender")
    assert isinstance(refusal.data, InputRefused)
    assert (refusal.data.field, refusal.data.rule) == ("from", "known_contact")
    assert refusal.data.personal.text.strip() == "Cheap."
    letter = desk.mail_to("stranger@nowhere.example")
    assert letter.notice == "unknown_sender"
    assert "Buy this" in letter.text
    assert letter.header("Auto-Submitted") == "auto-replied"


@pytest.mark.parametrize(
    ("headers", "envelope_from"),
    [
        ({"Auto-Submitted": "auto-replied"}, None),
        ({"Auto-Submitted": "auto-generated"}, None),
        ({"Precedence": "auto_reply"}, None),
        ({}, ""),
    ],
    ids=["auto-replied", "auto-generated", "precedence", "null-sender"],
)
@pytest.mark.by_platform("C4")
def test_automatic_mail_is_never_answered(
    desk: Desk, headers: dict[str, str], envelope_from: str | None
) -> None:
    """C4: neither a stranger's nor a contact's."""
    for sender in ("robot@nowhere.example", ANOUK.address):
        arrival = desk.mail_from(
            sender, "Out of office", "I am away.", headers=headers, envelope_from=envelope_from
        )
        assert arrival.taken
        assert not arrival.has_case
        assert desk.mails_to(sender) == []


@pytest.mark.main_path
def test_an_automatic_reply_to_our_mail_changes_nothing(desk: Desk) -> None:
    """C4: an auto-responder that answers the confirmation never loops, and reopens nothing."""
    case = desk.mail_from(ANOUK).case
    before = case.story
    letter = case.mail_to(ANOUK, "confirmation")
    desk.mail_from(
        ANOUK, f"Automatisch antwoord: {letter.subject}", "Ik ben er niet.", to=letter.reply_to,
        headers={"Auto-Submitted": "auto-replied", "In-Reply-To": letter.message_id},
    )  # fmt: skip
    assert case.story == before
    assert len(case.mails_to(ANOUK)) == 1


def test_our_own_mail_that_comes_back_is_ignored(desk: Desk) -> None:
    """C4: mail never circles between the platform and itself."""
    case = desk.mail_from(ANOUK).case
    letter = case.mail_to(ANOUK, "confirmation")
    before = case.story
    arrival = desk.mail(letter.raw, ADDRESS, letter.reply_to)
    assert arrival.taken
    assert not arrival.has_case
    assert case.story == before
    assert desk.mails_to(ADDRESS) == []


@pytest.mark.main_path
def test_the_same_mail_twice_is_one_case(desk: Desk) -> None:
    """C1: by Message-ID and body."""
    arrival = desk.mail_from(ANOUK)
    again = arrival.again()
    assert again.case.reference == arrival.case.reference
    assert arrival.case.story.count("case_created") == 1
    assert len(arrival.case.mails_to(ANOUK, "confirmation")) == 1


def test_the_same_message_id_with_another_body_is_a_new_arrival(desk: Desk) -> None:
    """C1: programs reuse Message-IDs; nothing is lost for it."""
    arrival = desk.mail_from(ANOUK)
    other = arrival.again(b"The printer as well.\r\n")
    assert other.taken
    texts = [other.case.event("case_created").text, *other.case.comments]
    assert "The printer as well." in [text.strip() for text in texts]


@pytest.mark.by_platform("C4")
def test_a_stranger_cannot_write_on_a_case_by_its_reference(desk: Desk) -> None:
    """C4, C16: a subject proves nothing; who takes no part makes a case of their own or none."""
    case = desk.mail_from(ANOUK).case
    before = case.story
    subject = f"Re: [{case.reference}] let me in"
    assert not desk.mail_from("stranger@nowhere.example", subject, "Hello?").has_case
    own = desk.mail_from(FATIMA, subject, "Hello?").case
    assert own.reference != case.reference
    assert case.story == before


def test_a_colleague_who_answers_in_the_thread_is_heard(desk: Desk) -> None:
    """C4: the customer's other contacts may reply; the comment says who wrote it."""
    case = desk.mail_from(ANOUK).case
    letter = case.mail_to(ANOUK, "confirmation")
    reply = case.contact(PIETER).replies_by_mail("I see it too.", to=letter, by="token")
    assert reply.case.reference == case.reference
    assert case.event("comment_added").who.id == PIETER.id


def test_an_agent_answers_by_mail(desk: Desk) -> None:
    """C4: public, because it answers a mail that the contact can read."""
    case = desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    case.agent(SANNE).assigns("first_line", to=SANNE)
    case.contact(ANOUK).comments("It smells as well.")
    letter = case.mail_to(SANNE, "contact_wrote")
    case.agent(SANNE).replies_by_mail("Switch it off, please.", to=letter, by="token")
    comment = case.events("comment_added")[-1]
    assert (comment.who.kind, comment.text) == ("agent", "Switch it off, please.")
    assert "Switch it off, please." in case.mail_to(ANOUK, "answer").text


@pytest.mark.main_path
@pytest.mark.by_platform("C1")
def test_nobody_receives_mail_at_an_unknown_address(desk: Desk) -> None:
    """C1: what is not taken is refused at once, not lost later."""
    arrival = desk.mail_from(ANOUK, to="nobody@elsewhere.example")
    assert arrival.delivery.code == 550


def test_a_mail_with_no_subject_and_no_text_is_a_case(desk: Desk) -> None:
    """C1: it has a title all the same."""
    raw = f"From: {ANOUK.address}\r\nMessage-ID: {desk.new_message_id()}\r\n\r\n".encode()
    case = desk.mail(raw, ANOUK.address).case
    assert case.shown.title == "Bericht zonder onderwerp"
    assert label_of(CaseCreated) in case.story


def test_whoever_was_sent_the_reply_address_may_answer_and_is_named(desk: Desk) -> None:
    """C4: a mail that was forwarded; what they write is no contact's, and decides nothing."""
    case = desk.mail_from(ANOUK).case
    letter = case.mail_to(ANOUK, "confirmation")
    expert = "expert@supplier.example"
    reply = desk.mail_from(expert, f"Re: {letter.subject}", "Turn it on.", to=letter.reply_to)
    assert reply.case.reference == case.reference
    comment = case.event("comment_added")
    assert (comment.who.kind, comment.author) == ("unknown", expert)
    assert desk.mails_to(expert) == []


def test_a_reply_address_that_was_tampered_with_leads_nowhere(desk: Desk) -> None:
    """C4, C16: the signature is over the case; a mail to it is like any other."""
    case = desk.mail_from(ANOUK).case
    local, at, domain = case.mail_to(ANOUK, "confirmation").reply_to.partition("@")
    other = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}{at}{domain}"
    assert desk.mail_from(ANOUK, "Hello", "Is this mine?", to=other).case.reference != (
        case.reference
    )
    assert case.comments == []
