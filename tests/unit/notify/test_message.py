"""C3, D16: a mail as it travels can be read, threads, and never asks for an answer by machine."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import msgspec
import pytest
from case_events.contracts.parts import Person
from case_notify.adapters.message import html, message_bytes
from case_notify.domain.mail import OutgoingMail

from tests.unit.notify.sample_desk import ANNA, INCOMING, Story, created, mails


def sent() -> OutgoingMail:
    """A confirmation of the sample."""
    return mails(Story().tell(created(), ANNA))["contact/anna"]


def read(mail: OutgoingMail) -> EmailMessage:
    """A mail as its receiver reads it."""
    return message_from_bytes(message_bytes(mail), policy=policy.default)


def test_its_headers_say_who_to_whom_and_on_which_thread() -> None:
    mail = sent()
    message = read(mail)
    assert not message.defects
    assert message["From"] == '"Sample, the desk" <help@sample.example>'
    assert message["From"].addresses[0].display_name == "Sample, the desk"
    assert message["To"].addresses[0].addr_spec == "anna@customer.example"
    assert message["Reply-To"].addresses[0].addr_spec == mail.reply_to
    assert message["Subject"] == mail.subject
    assert message["Message-ID"] == f"<{mail.message_id}>"
    assert message["In-Reply-To"] == f"<{INCOMING}>"
    assert message["References"] == f"<{INCOMING}>"
    assert message["Date"].datetime == mail.date
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Casefold-Message"] == "case_created"
    assert message["Content-Language"] == "nl"
    assert message["MIME-Version"] == "1.0"
    assert message["Precedence"] is None


def test_what_answers_no_mail_is_auto_generated() -> None:
    mail = mails(Story().tell(created(message_id="")))["contact/anna"]
    message = read(mail)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["In-Reply-To"] is None
    assert message["References"] is None


def test_its_text_is_there_as_written_and_as_a_page() -> None:
    mail = msgspec.structs.replace(sent(), text="Geachte Zoë,\n\nTwee €, ñ en 漢字.\nRegel twee\n")
    message = read(mail)
    assert message.get_content_type() == "multipart/alternative"
    plain, page = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content_charset() == "utf-8"
    assert plain.get_content().replace("\r\n", "\n") == mail.text
    assert page.get_content_type() == "text/html"
    assert "<p" in page.get_content()
    assert "Twee €, ñ en 漢字.<br>\nRegel twee</p>" in page.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("subject", ["[S-0001] " + "word " * 40 + "end", "Één vraag " * 30 + "."])
def test_a_long_subject_begins_beside_its_name_and_arrives_whole(subject: str) -> None:
    raw = message_bytes(msgspec.structs.replace(sent(), subject=subject))
    assert b"Subject:\r\n" not in raw
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_long_message_ids_are_never_encoded() -> None:
    ids = tuple(f"{letter * 190}@{'d' * 40}.example" for letter in "abc")
    mail = msgspec.structs.replace(sent(), in_reply_to=ids[2], references=ids)
    raw = message_bytes(mail)
    message = message_from_bytes(raw, policy=policy.default)
    assert b"=?" not in raw
    assert message["In-Reply-To"] == f"<{ids[2]}>"
    assert str(message["References"]).split() == [f"<{one}>" for one in ids]
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "foreign",
    ["a b@c", "a@b\r\nBcc: x@y", "é@b", f"{'x' * 300}@y", "a><b", "<a@b>"],
)
def test_foreign_identifiers_that_are_none_are_left_out(foreign: str) -> None:
    message = read(msgspec.structs.replace(sent(), in_reply_to=foreign, references=(foreign,)))
    assert message["In-Reply-To"] is None
    assert message["References"] is None
    assert message["Bcc"] is None


def test_names_and_subjects_of_any_script_arrive() -> None:
    mail = msgspec.structs.replace(
        sent(),
        to=Person("a..b@customer.example", 'Zoë "漢" <x>, y'),
        subject="[S-1] Één € 漢字 " * 9,
    )
    raw = message_bytes(mail)
    raw.decode("ascii")
    message = message_from_bytes(raw, policy=policy.default)
    assert message["To"].addresses[0].display_name == 'Zoë "漢" <x>, y'
    assert str(message["Subject"]).strip() == mail.subject.strip()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_lines_end_as_smtp_wants_and_are_short() -> None:
    raw = message_bytes(msgspec.structs.replace(sent(), text=".\n" + "word " * 4000 + "\n.\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert str(read(sent()).get_body(("plain",)))


def test_the_same_mail_is_the_same_bytes() -> None:
    assert message_bytes(sent()) == message_bytes(sent())


def test_a_page_shows_text_as_text_and_links_as_links() -> None:
    mail = msgspec.structs.replace(
        sent(), text='<script>x</script> & "more"\n\nSee https://a.example/c?x=1&y=2.\n'
    )
    page = html(mail)
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt; &amp; &#34;more&#34;" in page
    assert '<a href="https://a.example/c?x=1&amp;y=2"' in page
    assert '<html lang="nl">' in page
    assert page.count("<p ") == 2


def test_a_link_cannot_leave_its_attribute() -> None:
    page = html(msgspec.structs.replace(sent(), text='https://a.example/" onclick="x\n'))
    assert 'href="https://a.example/"' in page
    assert 'onclick="' not in page
