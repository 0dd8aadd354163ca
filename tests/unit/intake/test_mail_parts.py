"""C1, C4, issue 13.4: every part is in the text or an attachment, however the mail is made."""

import base64

import pytest
from case_intake.domain.mail import MailReading, read, read_mail

from tests.unit.intake.intake_mails import HEAD, message, read_body, read_parts

PLAIN = b"Content-Type: text/plain\n\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n"
PNG = b"Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
BODY = b"--b\n" + PLAIN + b"Zie foto.\n--b\n" + PNG + b"--b--\n"


def mixed(field: bytes, body: bytes = BODY) -> bytes:
    return HEAD + field + b"\n\n" + body


BOUNDARIES = {
    "does not occur": mixed(b'Content-Type: multipart/mixed; boundary="c"'),
    "is not named": mixed(b"Content-Type: multipart/mixed"),
    "no semicolon": mixed(b'Content-Type: multipart/mixed\n boundary="b"'),
    "no semicolon between": mixed(b"Content-Type: multipart/mixed; charset=utf-8 boundary=b"),
    "fold without indent": mixed(b"Content-Type: multipart/mixed;\nboundary=b"),
    "spaces": mixed(b'Content-Type: multipart / mixed ; boundary = "b "'),
    "other case": mixed(b"CONTENT-TYPE: Multipart/Mixed; BOUNDARY=b"),
    "a part before the first": mixed(
        b"Content-Type: multipart/mixed; boundary=b", b"--B\n" + BODY[4:]
    ),
    "a part after the last": mixed(
        b"Content-Type: multipart/mixed; boundary=b",
        b"--b\n" + PLAIN + b"Zie foto.\n--b--\n--b2\n" + PNG + b"--b2--\n",
    ),
    "closed and opened again": mixed(
        b"Content-Type: multipart/mixed; boundary=b", BODY.replace(b".\n--b", b".\n--b--\n\n--b")
    ),
    "blank lines before the fields of a part": mixed(
        b"Content-Type: multipart/mixed; boundary=b", BODY.replace(b"--b\n", b"--b\n\n\n")
    ),
    "text between a part's end and the next": mixed(
        b"Content-Type: multipart/mixed; boundary=b",
        b"--b--\nZie foto.\n--b\n" + PNG + b"--b--\n",
    ),
    "cut off": mixed(b"Content-Type: multipart/mixed; boundary=b", BODY.removesuffix(b"--b--\n")),
}


@pytest.mark.parametrize("raw", BOUNDARIES.values(), ids=BOUNDARIES.keys())
def test_parts_are_found_whatever_the_boundary(raw: bytes) -> None:
    mail = read_mail(raw)
    assert mail.text == "Zie foto."
    assert [(one.name, one.size) for one in mail.attachments] == [("p.png", 8)]


def test_a_multipart_that_is_closed_at_once_is_text() -> None:
    assert (
        "hallo" in read_body(b"hallo\n--b--\n", b"Content-Type: multipart/mixed; boundary=b").text
    )


def test_more_parts_than_are_read_stay_as_text() -> None:
    body = b"--b\n\nx\n" * 1_200 + b"--b\n\nlaatste\n--b--\n"
    mail = read_body(body, b"Content-Type: multipart/mixed; boundary=b")
    assert "laatste" in mail.text


REAL = HTML + b"<p>De printer op verdieping 3 geeft fout E42.</p>"
SENTENCE = "De printer op verdieping 3 geeft fout E42."
PLACEHOLDERS = {
    "asks for HTML": b"This message is in HTML format. Please use a mail program that can.",
    "Dutch": b"Uw e-mailprogramma ondersteunt geen HTML.",
    "space that does not break": "\u00a0 \n\n".encode(),
    "no width": "\u200b\ufeff\n".encode(),
    "the first words": b"De printer op verdieping 3",
    "the HTML itself": b"<html><body><p>De printer op verdieping 3 geeft fout E42.</p></body>",
}


@pytest.mark.parametrize("plain", PLACEHOLDERS.values(), ids=PLACEHOLDERS.keys())
def test_html_is_the_text_where_the_plain_text_is_a_placeholder(plain: bytes) -> None:
    part = b"Content-Type: text/plain; charset=utf-8\n\n" + plain
    mail = read_parts(b"alternative", part, REAL)
    assert (mail.text, mail.attachments) == (SENTENCE, ())


def test_alternatives_that_differ_are_both_kept() -> None:
    mail = read_parts(b"alternative", PLAIN + b"Graag morgen bellen", REAL)
    assert mail.text == SENTENCE
    assert [(one.name, one.size) for one in mail.attachments] == [("message.txt", 19)]


def test_the_plain_text_is_kept_where_it_says_as_much() -> None:
    mail = read_parts(b"alternative", PLAIN + SENTENCE.encode(), REAL)
    assert (mail.text, mail.attachments) == (SENTENCE, ())


def test_lines_that_are_broken_at_other_places_are_no_difference() -> None:
    text = "二階のプリンタが壊れていますので確認してください"
    plain = "Content-Type: text/plain; charset=utf-8\n\n" + text[:9] + "\n" + text[9:]
    mail = read_parts(b"alternative", plain.encode(), HTML + f"<p>{text}</p>".encode())
    assert (mail.text, mail.attachments) == (f"{text[:9]}\n{text[9:]}", ())


def test_several_plain_texts_are_no_alternatives() -> None:
    mail = read_parts(b"alternative", PLAIN + b"Een vraag over facturen", PLAIN + b"Twee printers")
    assert mail.text == "Een vraag over facturen\n\nTwee printers"


def test_html_that_is_not_shown_and_says_something_else_is_kept() -> None:
    other = HTML + b"<p>Graag morgen bellen over facturen</p>"
    mail = read_parts(b"alternative", PLAIN + SENTENCE.encode(), other, REAL)
    assert (mail.text, [one.name for one in mail.attachments]) == (SENTENCE, ["message.html"])


def test_files_of_alternatives_that_are_not_shown_are_kept() -> None:
    inner = (
        b"Content-Type: multipart/related; boundary=c\n\n--c\n" + REAL + b"\n--c\n" + PNG + b"--c--"
    )
    mail = read_parts(b"alternative", PLAIN + SENTENCE.encode(), inner)
    assert (mail.text, [one.name for one in mail.attachments]) == (SENTENCE, ["p.png"])


def test_renderings_for_one_program_are_no_files() -> None:
    amp = b"Content-Type: text/x-amp-html\n\n<html amp4email></html>"
    assert read_parts(b"alternative", PLAIN + b"hallo", amp).attachments == ()


def test_a_mixed_alternative_shows_all_of_its_plain_texts() -> None:
    """The example of RFC 8621, 4.1.4."""
    first = b"Content-Type: multipart/mixed; boundary=c\n\n--c\n" + PLAIN + b"B\n--c\n" + PNG
    first += b"--c\n" + PLAIN + b"D\n--c--"
    assert read_parts(b"alternative", first, HTML + b"E").text == "B\n\nD"


NAMED = {
    "name": b'Content-Type: text/plain; name="message.txt"\n\nhallo',
    "inline": b"Content-Type: text/plain\nContent-Disposition: inline; filename=m.txt\n\nhallo",
    "no name": b"Content-Type: text/plain\nContent-Disposition: attachment\n\nhallo",
    "HTML": b"Content-Type: text/html; name=rich.html\n\n<p>hallo</p>",
}


@pytest.mark.parametrize("part", NAMED.values(), ids=NAMED.keys())
def test_a_body_with_a_name_is_the_text(part: bytes) -> None:
    for mail in (
        read_mail(HEAD + part),
        read_parts(b"mixed", part),
        read_parts(b"alternative", part),
    ):
        assert (mail.text.strip(), mail.attachments) == ("hallo", ())


def test_a_named_text_behind_the_body_is_a_file() -> None:
    mail = read_parts(b"mixed", PLAIN + b"hallo", NAMED["name"])
    assert (mail.text, [one.name for one in mail.attachments]) == ("hallo", ["message.txt"])


UU = b"begin 644 list.csv\n79FQO;W([<')I;G1E<@HR.VIA;6UE9 H \n`\nend\n"
CSV = b"floor;printer\n2;jammed\n"


def contents(reading: MailReading) -> list[tuple[str, bytes]]:
    names = [one.name for one in reading.mail.attachments]
    return list(zip(names, reading.contents, strict=True))


def test_files_in_the_text_by_uuencode_are_attachments() -> None:
    bare = UU.replace(b" \n`", b"\n`").replace(b"list", b"twee")  # its last space is lost
    reading = read(message(b"Zie lijst.\n\n" + UU + b"\nen\n" + bare + b"Groet"))
    assert contents(reading) == [("list.csv", CSV), ("twee.csv", CSV)]
    assert reading.mail.text == "Zie lijst.\n\n\nen\nGroet"


def test_a_part_in_uuencode_is_decoded() -> None:
    part = b"Content-Type: text/csv; name=list.csv\nContent-Transfer-Encoding: x-uuencode\n\n"
    body = b"--b\n" + PLAIN + b"x\n--b\n" + part + UU + b"--b--\n"
    assert contents(read(mixed(b"Content-Type: multipart/mixed; boundary=b", body))) == [
        ("list.csv", CSV)
    ]


PROSE = {
    "a sentence": b"begin 644 lines ahead\nof the others, please.\nend",
    "no end, prose": b"begin 644 list.csv\nThis was it.",
    "no end, capitals": b"begin 644 list.csv\nHELLO THERE",
}


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE.keys())
def test_prose_that_begins_like_uuencode_stays(text: bytes) -> None:
    mail = read_body(text)
    assert (mail.text.encode(), mail.attachments) == (text, ())


def test_words_after_the_padding_of_base64_are_no_data() -> None:
    raw = base64.b64encode(b"hallo daar") + b" ignored\n"
    assert read_body(raw, b"Content-Transfer-Encoding: base64").text == "hallo daar"


@pytest.mark.parametrize("kind", [b"text/plain", b"text/html"])
def test_a_text_that_is_longer_than_is_read_is_kept_in_a_file(kind: bytes) -> None:
    """Issue 13.17: the time for a mail has a bound, and nothing is lost."""
    text = b"De printer is stuk.<br>\n" * 60_000
    reading = read(HEAD + b"Content-Type: " + kind + b"\n\n" + text)
    assert reading.mail.text.startswith("De printer is stuk.")
    assert len(reading.mail.text) <= 1_000_000
    assert reading.contents == (text,)
    assert any("longer" in one for one in reading.mail.problems)


def test_pictures_inside_html_leave_room_for_its_text() -> None:
    image = b'<img src="data:image/png;base64,' + b"QUJD" * 300_000 + b'">'
    mail = read_mail(HEAD + b"Content-Type: text/html\n\n" + image + b"<p>hallo</p>")
    assert (mail.text, mail.attachments) == ("hallo", ())
