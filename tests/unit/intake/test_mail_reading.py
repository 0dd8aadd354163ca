"""C1, C4: what a mail says, however it says it."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest
from case_intake.domain.mail import Address, read, read_mail

from tests.unit.intake.intake_mails import (
    HEAD,
    message,
    read_body,
    read_html,
    read_parts,
    read_text,
)

PLAIN = b"Content-Type: text/plain\n\nhallo"


def problem(mail_problems: tuple[str, ...], words: str) -> bool:
    return any(words in sentence for sentence in mail_problems)


def test_an_ordinary_mail_has_no_problems() -> None:
    mail = read_body(b"hallo\r\n", b'Cc: a@x.nl, "B, C" <b@x.nl>', b"Reply-To: r@x.nl")
    assert mail.from_ == Address("jan@example.org", "Jan Jansen")
    assert mail.to == (Address("desk@example.net"),)
    assert mail.cc == (Address("a@x.nl"), Address("b@x.nl", "B, C"))
    assert mail.reply_to == Address("r@x.nl")
    assert mail.date == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (mail.message_id, mail.subject) == ("1@example.org", "Printer")
    assert (mail.text.strip(), mail.reply) == ("hallo", "hallo")
    assert (mail.automatic.is_, mail.bounce, mail.problems) == (False, None, ())


def test_references_come_before_in_reply_to_without_repeats() -> None:
    """C4."""
    raw = message(b"x", b"References: <a@x>\n <b@x> <a@x>", b"In-Reply-To: <b@x> <c@x>")
    reading = read(raw)
    assert reading.mail.references == ("a@x", "b@x", "c@x")
    assert reading.in_reply_to == ("b@x", "c@x")
    assert reading.headers.first("subject") == "Printer"


def test_ids_that_a_sender_encoded_are_read() -> None:
    """C4: long ids come as encoded words from some mail programs."""
    raw = message(b"x", b"In-Reply-To: =?utf-8?q?=3Ca=2Eb?=\n =?utf-8?q?=40x=3E?=")
    assert read(raw).in_reply_to == ("a.b@x",)


SUBJECTS = {
    "Latin-1": (b"=?iso-8859-1?Q?caf=E9_dicht?=", "café dicht"),
    "UTF-8, base64": (b"=?UTF-8?B?Y2Fmw6k=?=", "café"),
    "character split over words": (b"=?utf-8?B?Y2Fmww==?= =?utf-8?B?qQ==?=", "café"),
    "no end": (b"=?utf-8?Q?caf=C3=A9", "café"),
    "half an end": (b"=?utf-8?Q?caf=C3=A9?", "café"),
    "wrong charset": (b"=?utf-8?Q?caf=E9?=", "café"),
    "unknown charset": (b"=?x-zot?Q?caf=C3=A9?=", "café"),
    "words and plain": (b"Re: =?utf-8?Q?caf=C3=A9?= dicht =?utf-8?Q?!?=", "Re: café dicht !"),
    "raw 8 bit, UTF-8": ("café".encode(), "café"),
    "raw 8 bit, Latin-1": (b"caf\xe9", "café"),
    "base64 without padding": (b"=?utf-8?B?Y2Fmw6k?=", "café"),
    "language": (b"=?utf-8*nl?Q?caf=C3=A9?=", "café"),
    "folded": (b"caf\n =?utf-8?Q?=C3=A9?=", "caf é"),
    "control characters": (b"ca\x00f\x1b=?utf-8?Q?=C3=A9?=", "café"),
    "charset not for text": (b"=?rot13?Q?caf=C3=A9?=", "café"),
}


@pytest.mark.parametrize(("raw", "subject"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_subjects_are_read(raw: bytes, subject: str) -> None:
    assert read_mail(b"From: a@b.nl\nSubject: " + raw + b"\n\nx").subject == subject


CHARSETS = {
    "Latin-1 said to be ASCII": (b"caf\xe9", b"us-ascii", "café"),
    "Latin-1 said to be UTF-8": (b"caf\xe9", b"utf-8", "café"),
    "windows-1252 said to be Latin-1": (b"\x80 5 \x93ja\x94", b"iso-8859-1", "€ 5 “ja”"),
    "windows-1252 said to be UTF-8": (b"\x80 5", b"utf-8", "€ 5"),
    "UTF-8 said to be ASCII": ("café".encode(), b"ascii", "café"),
    "unknown": ("café".encode(), b"unknown-8bit", "café"),
    "UTF-8 with one broken byte": ("éééé".encode() + b"\xff", b"utf-8", "éééé�"),
    "Greek": ("αβγ".encode("iso8859-7"), b"ISO-8859-7", "αβγ"),
    "Chinese": ("你好".encode("gb18030"), b"gb2312", "你好"),
    "quoted name": (b"caf\xe9", b'"windows-1252"', "café"),
    "hostile name": (b"cafe", b'"../\x00zip"', "cafe"),
    "UTF-16": ("café".encode("utf-16"), b"utf-16", "café"),
}


@pytest.mark.parametrize(("raw", "charset", "text"), CHARSETS.values(), ids=CHARSETS.keys())
def test_charsets_are_read(raw: bytes, charset: bytes, text: str) -> None:
    assert read_body(raw, b"Content-Type: text/plain; charset=" + charset).text == text


def test_a_wrong_charset_is_a_problem() -> None:
    mail = read_body(b"caf\xe9", b"Content-Type: text/plain; charset=utf-8")
    assert problem(mail.problems, "does not fit the charset 'utf-8'")
    assert problem(mail.problems, "windows-1252")


ENCODINGS = {
    "base64": (base64.b64encode(b"hallo wereld"), b"base64", "hallo wereld", None),
    "base64 with garbage": (b"aGFs!bG8g\n d2VyZWxk", b"base64", "hallo wereld", "skipped"),
    "base64 cut off": (b"aGFsbG8gd2VyZWxkI", b"base64", "hallo wereld", "cut off"),
    "base64 in pieces": (b"aGFsbA==\nbyB3ZXJlbGQ=\n", b"base64", "hallo wereld", None),
    "not base64": (b"hallo aan de wereld", b"base64", "hallo aan de wereld", "is not"),
    "quoted-printable": (b"hallo=20we=\nreld", b"quoted-printable", "hallo wereld", None),
    "broken quoted-printable": (b"a = b =ZZ", b"quoted-printable", "a = b =ZZ", None),
    "unknown": (b"hallo", b"zot", "hallo", "'zot' is not known"),
}


@pytest.mark.parametrize(("raw", "name", "text", "odd"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_transfer_encodings_are_undone(raw: bytes, name: bytes, text: str, odd: str | None) -> None:
    mail = read_body(raw, b"Content-Transfer-Encoding: " + name)
    assert mail.text == text
    assert problem(mail.problems, odd) if odd else not mail.problems


def test_an_attachment_is_described_and_its_bytes_are_given() -> None:
    """C4."""
    part = b"Content-Type: text/csv; name=a.csv\nContent-Transfer-Encoding: base64\n\nYSxiCg=="
    body = b"--b\n" + PLAIN + b"\n--b\n" + part + b"\n--b--\n"
    reading = read(message(body, b"Content-Type: multipart/mixed; boundary=b"))
    described = reading.mail.attachments[0]
    assert reading.contents == (b"a,b\n",)
    assert (described.name, described.type, described.size) == ("a.csv", "text/csv", 4)
    assert described.sha256 == hashlib.sha256(b"a,b\n").hexdigest()
    assert (reading.mail.text, described.inline) == ("hallo", False)


def test_plain_text_is_preferred_to_html() -> None:
    mail = read_parts(b"alternative", PLAIN, b"Content-Type: text/html\n\n<b>anders</b>")
    assert (mail.text, mail.attachments, mail.problems) == ("hallo", (), ())


def test_html_is_read_where_the_plain_text_is_blank() -> None:
    mail = read_parts(b"alternative", b"\n \n", b"Content-Type: text/html\n\n<b>wel</b>")
    assert mail.text == "wel"


def test_images_of_related_html_are_inline_attachments() -> None:
    image = b"Content-Type: image/png\nContent-ID: <i>\n\nPNG"
    mail = read_parts(b"related", b"Content-Type: text/html\n\n<img src=cid:i>zie", image)
    assert mail.text == "zie"
    assert [(one.name, one.inline) for one in mail.attachments] == [("attachment-1.png", True)]


def test_a_mail_in_a_mail_is_an_attachment_named_after_its_subject() -> None:
    inner = b"Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?caf=C3=A9?= a/b\n\nbinnen"
    mail = read_parts(b"mixed", PLAIN, inner)
    assert (mail.text, mail.attachments[0].name) == ("hallo", "café a_b.eml")


def test_winmail_dat_is_kept() -> None:
    part = b"Content-Type: application/ms-tnef; name=winmail.dat\n\nTNEF"
    mail = read_parts(b"mixed", PLAIN, part)
    assert mail.attachments[0].name == "winmail.dat"
    assert problem(mail.problems, "winmail.dat")


def test_a_truncated_multipart_keeps_what_arrived() -> None:
    mail = read_parts(b"mixed", PLAIN, end=b"")
    assert mail.text == "hallo"
    assert problem(mail.problems, "no end")


def test_a_missing_boundary_is_guessed() -> None:
    mail = read_body(b"--zz\nContent-Type: text/plain\n\nhallo\n--zz--\n",
                     b"Content-Type: multipart/mixed")  # fmt: skip
    assert mail.text == "hallo"
    assert problem(mail.problems, "names no boundary")


def test_a_multipart_without_its_boundary_is_text() -> None:
    mail = read_body(b"hallo", b"Content-Type: multipart/mixed; boundary=b")
    assert mail.text == "hallo"
    assert problem(mail.problems, "does not occur")


def test_binary_parts_keep_their_bytes() -> None:
    part = b"Content-Type: application/zip\nContent-Transfer-Encoding: binary\n\n\r\x00\r\n\xff"
    body = b"--b\n" + part + b"\r\n--b--\r\n"
    assert read(message(body, b"Content-Type: multipart/mixed; boundary=b")).contents == (
        b"\r\x00\r\n\xff",
    )


ODD = {
    "empty": (b"", "", "empty"),
    "blank lines only": (b"\r\n\r\n", "", "empty"),
    "no headers": (b"hallo allemaal\nhoe gaat het", "hallo allemaal\nhoe gaat het", "no headers"),
    "no blank line": (b"From: a@b.nl\nhallo", "hallo", "no blank line"),
    "headers only": (b"From: a@b.nl\n", "", "no Date"),
    "empty body": (HEAD + b"\n", "", None),
    "CR only": (HEAD.replace(b"\n", b"\r") + b"\rhallo\rdaar", "hallo\ndaar", "CR only"),
    "CRLF": (HEAD.replace(b"\n", b"\r\n") + b"\r\nhallo\r\ndaar", "hallo\ndaar", None),
    "mbox": (b"From jan Mon Mar  2 10:00:00 2026\n" + HEAD + b"\nhallo", "hallo", None),
    "NUL bytes": (HEAD + b"\nhal\0lo", "hallo", "NUL"),
    "a broken header line": (b"From: a@b.nl\nzot\nDate: x\n\nhallo", "hallo", "not a header"),
    "bad date": (b"From: a@b.nl\nDate: gisteren\n\nhallo", "hallo", "date cannot be read"),
    "impossible date": (b"From: a@b.nl\nDate: 99 Foo 2026 99:99\n\nx", "x", "date cannot be read"),
    "no From": (b"Subject: x\n\nhallo", "hallo", "no sender"),
    "two From": (b"From: a@b.nl\nFrom: c@d.nl\n\nx", "x", "several From"),
    "two senders": (b"From: a@b.nl, c@d.nl\n\nx", "x", "several senders"),
    "two subjects": (b"From: a@b.nl\nSubject: x\nSubject: y\n\nx", "x", "several Subject"),
    "no @": (b"From: root\n\nx", "x", "no @"),
    "bad content type": (b"From: a@b.nl\nContent-Type: !;;=\n\nx", "x", "content type"),
    "huge header": (b"From: a@b.nl\nSubject: " + b"x" * 200_000 + b"\n\nx", "x", "longer than"),
    "many headers": (b"From: a@b.nl\n" + b"A: b\n" * 5_000 + b"\nx", "x", "more than 1000 header"),
    "binary garbage": (bytes(range(256)) * 40, None, "no headers"),
}


@pytest.mark.parametrize(("raw", "text", "odd"), ODD.values(), ids=ODD.keys())
def test_odd_messages_are_read_and_said_to_be_odd(
    raw: bytes, text: str | None, odd: str | None
) -> None:
    mail = read_mail(raw)
    assert text is None or mail.text == text
    assert problem(mail.problems, odd) if odd else mail.problems == ()


ADDRESSES = {
    "group": ("desk: a@x.nl, B <b@x.nl>;", [("a@x.nl", ""), ("b@x.nl", "B")]),
    "empty group": ("undisclosed-recipients:;", []),
    "comment": ("a@x.nl (Jan)", [("a@x.nl", "Jan")]),
    "encoded": ("=?utf-8?Q?J=C3=A9?= <a@x.nl>", [("a@x.nl", "Jé")]),
    "encoded comma": ('"=?utf-8?Q?A=2C_B?=" <a@x.nl>', [("a@x.nl", "A, B")]),
    "no closing": ("Jan <a@x.nl", [("a@x.nl", "Jan")]),
    "quoted local part": ('"a b"@x.nl', [('"a b"@x.nl', "")]),
    "only a name": ("Jan Jansen", [("", "Jan Jansen")]),
    "quote not closed": ('"Jan <a@x.nl>, b@x.nl', [("a@x.nl", "Jan"), ("b@x.nl", "")]),
    "commas": (",,a@x.nl,,", [("a@x.nl", "")]),
    "address as name": ('"a@x.nl" <b@y.nl>', [("b@y.nl", "a@x.nl")]),
}


@pytest.mark.parametrize(("value", "wanted"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_addresses_are_read(value: str, wanted: list[tuple[str, str]]) -> None:
    mail = read_mail(b"From: z@x.nl\nTo: " + value.encode() + b"\n\nx")
    assert [(one.address, one.name) for one in mail.to] == wanted


def test_html_stays_legible() -> None:
    mail = read_html(
        "<head><style>p{}</style></head><p>Dag "
        "<b>allen</b>,</p><ul><li>een</li><li><p>twee</p></li>"
        "</ul><ol><li>a</li><li>b</li></ol><table><tr><td><p>x</p></td><td>1</td></tr><tr><td>y</td>"
        '<td>2</td></tr></table><a href="https://x.nl/p">hier</a> <a href="https://x.nl/">x.nl</a>'
        "<script>zot()</script><div style='display: none'>weg</div><pre>  a\n b</pre>caf&eacute;"
    )
    assert mail.text == (
        "Dag allen,\n\n- een\n- twee\n\n1. a\n2. b\n\nx | 1\ny | 2\n\n"
        "hier (https://x.nl/p) x.nl\n\n  a\n b\n\ncafé"
    )


def test_html_in_another_charset_than_it_says_itself_is_read() -> None:
    markup = "<meta charset=iso-8859-1>" + "café " * 5000
    assert read_html(markup).text == ("café " * 5000).strip()


def test_text_of_several_parts_is_joined() -> None:
    footer = b"Content-Type: text/plain\n\nvoet"
    assert read_parts(b"mixed", PLAIN, footer).text == "hallo\n\nvoet"


def test_text_never_holds_what_a_database_refuses() -> None:
    assert "\0" not in read_text("a\0b\ud7ff").text
