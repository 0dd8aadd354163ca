"""C4: no message, however broken, makes intake fail or hang."""

import random
import time

import msgspec
import pytest
from case_intake.domain.mail import ParsedMail, read, read_mail
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.intake_mails import HEAD, message

SIZE = 1_000_000
# Twenty times what the slowest takes; quadratic work would take hours.
LIMIT = 100


def filled(piece: bytes) -> bytes:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


def nested() -> bytes:
    kind = b"Content-Type: multipart/mixed; boundary=b%d\n\n"
    return HEAD + kind % 0 + b"".join(b"--b%d\n" % n + kind % (n + 1) for n in range(20_000))


HTML = b"Content-Type: text/html"
MIXED = b"Content-Type: multipart/mixed; boundary=b"
LARGE = {
    "one opener of an attribution": message(filled(b"On ")),
    "many lines of Van": message(filled(b"Van: x\nVerzonden: y\n")),
    "only quotes": message(filled(b"> \n")),
    "only underscores": message(filled(b"_" * 40 + b"\n")),
    "only dashes": message(filled(b"-----")),
    "unfinished comments": message(filled(b"<!--"), HTML),
    "stray end tags": message(filled(b"<b>x</p>"), HTML),
    "open blockquotes": message(filled(b"<blockquote>x"), HTML),
    "open tags": message(filled(b"<div>"), HTML),
    "open angles": message(filled(b"<"), HTML),
    "quotes in From": b"From: " + filled(b'"\\') + b"\n\nx",
    "comments in From": b"From: " + filled(b"(") + b"\n\nx",
    "encoded words": b"Subject: " + filled(b"=?utf-8?q?a") + b"\n\nx",
    "parameters": b"Content-Type: text/plain" + filled(b"; a*0*=") + b"\n\nx",
    "folds": b"Subject: " + filled(b"\n\t") + b"\n\nx",
    "boundaries": message(filled(b"--b\n"), MIXED),
    "near boundaries": message(filled(b"--bx\n"), MIXED),
    "the same boundary in itself": message(filled(b"--b\n" + MIXED + b"\n\n"), MIXED),
    "nested": nested(),
    "punycode": message(filled(b"abc-"), b"Content-Type: text/plain; charset=punycode"),
    "base64": message(filled(b"QUJD="), b"Content-Transfer-Encoding: base64"),
    "NUL": filled(b"\0"),
}


@pytest.mark.parametrize("raw", LARGE.values(), ids=LARGE.keys())
def test_large_hostile_input_takes_no_longer_than_its_size_asks(raw: bytes) -> None:
    started = time.process_time()
    read_mail(raw)
    assert time.process_time() - started < LIMIT


def test_thousands_of_nested_parts_are_bounded() -> None:
    assert any("nest deeper" in sentence for sentence in read_mail(nested()).problems)


SAMPLES = [
    message("Dank\n\nOp ma 2 mrt 2026 om 10:00 schreef J\n<j@x.nl>:\n> é\n-- \nPiet".encode()),
    message(b"<p>Dag <a href=x>y</a><table><tr><td>1<td>2</table><ul><li>a", HTML),
    message(b"--b\nContent-Type: text/plain; charset=x\n\nhallo\n--b\nContent-Type: "
    b"application/pdf;"
            b" name*0*=utf-8''%C3; name*1=a\nContent-Transfer-Encoding: base64\n\nQUJD\n--b\n"
            b"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822;a@x.nl\n"
    b"Action: failed\n"
            b"Status: 5.1.1\n--b--\n", MIXED),
    message(b"x", b"References: <a@x> <b@y>", b"Subject: =?utf-8?B?Y2Fmw6k=?= =?x?q?=?=",
            b"Cc: A <a@b>, \"c (d\" <e@f>;, g: h@i;", b"Return-Path: <>"),
]  # fmt: skip


def assert_sound(raw: bytes) -> None:
    reading = read(raw)
    encoded = msgspec.json.encode(reading.mail)
    assert msgspec.json.decode(encoded, type=ParsedMail) == reading.mail
    assert b"\\u0000" not in encoded
    assert len(reading.contents) == len(reading.mail.attachments)
    assert read(raw) == reading


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert_sound(raw)


@given(st.sampled_from(SAMPLES), st.integers(0, 2**32), st.integers(1, 30))
def test_broken_mails_are_read(sample: bytes, seed: int, times: int) -> None:
    secret_source = random.Random(seed)
    raw = bytearray(sample)
    for _ in range(times):
        at = secret_source.randrange(len(raw) + 1)
        match secret_source.randrange(4):
            case 0:
                raw[at : at + secret_source.randrange(20)] = b""
            case 1:
                raw[at:at] = secret_source.randbytes(secret_source.randrange(4))
            case 2:
                start = secret_source.randrange(len(raw) + 1)
                raw[at:at] = raw[start : start + secret_source.randrange(60)]
            case _:
                raw[at:at] = secret_source.choice(
                    (b"\n", b"\r", b'"', b"<", b"=?", b"--b", b"\0", b";", b":")
                )
    assert_sound(bytes(raw))


WORDS = st.sampled_from(
    ["=?utf-8?q?", "=C3", "?=", "\n ", "\n", "<", ">", "a@b", ",", ";", ":", '"', "\\", "(", ")",
     "Van: ", "> ", "On ", "wrote:", "-- ", "é", " ", "name*0*=", "'", "%", "=", "5.1.1",
     "multipart/mixed"]
)  # fmt: skip


@given(
    st.sampled_from(["From", "Subject", "Content-Type", "Date", "References"]),
    st.lists(WORDS, max_size=30),
    st.lists(WORDS, max_size=30),
)  # fmt: skip
def test_odd_headers_are_read(name: str, value: list[str], body: list[str]) -> None:
    assert_sound(f"{name}: {''.join(value)}\n\n{''.join(body)}".encode())
