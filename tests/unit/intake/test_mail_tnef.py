"""C4, issue 13.4: winmail.dat is unpacked, and kept where it cannot be."""

import struct

import pytest
from case_intake.domain.mail import MailReading, read
from case_intake.domain.mail.compressed_rtf import decompressed

from tests.unit.intake.intake_mails import message
from tests.unit.intake.tnef_packages import (
    BINARY,
    BODY,
    DATA,
    HTML,
    LONG_NAME,
    OBJECT,
    RTF,
    TEXT,
    UNICODE,
    attribute,
    message_properties,
    package,
    packed_file,
)

MIXED = b"Content-Type: multipart/mixed; boundary=b"
# The examples of MS-OXRTFCP, 4.1 and 4.2.
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a0072637067313235423220"[:-2]
    + "0af32068656c090020627705b06c647d0a800fa0"
)
REPEATED = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def read_package(content: bytes, text: bytes = b"Zie bijlage.") -> MailReading:
    parts = (
        b"--b\nContent-Type: text/plain\n\n" + text,
        b"\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: binary\n\n" + content,
    )
    return read(message(b"".join(parts) + b"\n--b--\n", MIXED))


def files(reading: MailReading) -> list[tuple[str, bytes]]:
    names = [one.name for one in reading.mail.attachments]
    return list(zip(names, reading.contents, strict=True))


def test_files_come_out_under_their_long_names() -> None:
    long = "Jaarverslag België.pdf".encode("utf-16-le") + b"\0\0"
    reading = read_package(package(
        packed_file(b"JAARVE~1.PDF", b"PDF\0", (LONG_NAME, UNICODE, long)),
        packed_file(b"b.txt", b"twee"),
    ))  # fmt: skip
    assert files(reading) == [("Jaarverslag België.pdf", b"PDF\0"), ("b.txt", b"twee")]
    assert [one.type for one in reading.mail.attachments] == ["application/pdf", "text/plain"]
    assert reading.mail.text == "Zie bijlage."
    assert reading.mail.problems == ()


def test_names_are_in_the_code_page_of_the_package() -> None:
    page = attribute(1, 0x9007, struct.pack("<II", 1251, 0))
    reading = read_package(package(page, packed_file("Отчёт.txt".encode("cp1251"), b"x")))
    assert files(reading) == [("Отчёт.txt", b"x")]


def test_the_text_of_the_package_counts_where_there_is_no_other() -> None:
    html = b"<p>De printer is <b>stuk</b>.</p>"
    for found in ((HTML, BINARY, html), (BODY, TEXT, b"De printer is stuk.\0")):
        content = package(message_properties(found), packed_file(b"a.txt", b"x"))
        assert read_package(content, b"").mail.text == "De printer is stuk."
        assert read_package(content, b"Anders.").mail.text == "Anders."


def test_rtf_without_another_text_is_a_file() -> None:
    content = package(message_properties((RTF, BINARY, HELLO)))
    wanted = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert files(read_package(content, b"")) == [("message.rtf", wanted)]
    assert files(read_package(content)) == []


def test_a_message_in_the_message_is_unpacked() -> None:
    inner = package(message_properties((BODY, TEXT, b"binnen")), packed_file(b"a.txt", b"x"))
    identity = bytes.fromhex("0703020000000000c000000000000046")
    content = package(packed_file(b"Doorgestuurd", b"", (DATA, OBJECT, identity + inner)))
    assert files(read_package(content)) == [("Doorgestuurd.txt", b"binnen"), ("a.txt", b"x")]


BROKEN = {
    "no package": b"TNEF",
    "empty": package(),
    "cut off": package(packed_file(b"a.txt", b"x" * 100))[:-50],
    "unknown type": package(message_properties((BODY, 0x77, b"x"))),
    "many properties": package(attribute(1, 0x9003, b"\xff\xff\xff\x7f" + b"\0" * 100)),
    "broken RTF": package(message_properties((RTF, BINARY, b"x"))),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_package_is_kept_as_it_is(content: bytes) -> None:
    reading = read_package(content)
    assert files(reading) == [("winmail.dat", content)]
    assert any("winmail.dat" in one for one in reading.mail.problems)


def test_compressed_rtf_is_decompressed() -> None:
    assert decompressed(REPEATED) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    plain = struct.pack("<II4sI", 15, 3, b"MELA", 0) + b"{a}"
    assert decompressed(plain) == b"{a}"
