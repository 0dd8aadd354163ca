"""C1, C4, issue 13.10: names of files as people gave them, safe on disk and in headers."""

import pytest
from case_intake.domain.mail import read

from tests.unit.intake.intake_mails import message, read_parts

PLAIN = b"Content-Type: text/plain\n\nhallo"

NAMES = {
    "plain": (b'filename="a b.pdf"', "a b.pdf"),
    "RFC 2231": (b"filename*=utf-8''caf%C3%A9.pdf", "café.pdf"),
    "RFC 2231 in sections": (
        b"filename*0*=utf-8''caf%C3; filename*1*=%A9; filename*2=.pdf",
        "café.pdf",
    ),
    "encoded word": (b'filename="=?utf-8?Q?caf=C3=A9=2Epdf?="', "café.pdf"),
    "path": (b'filename="../../etc/passwd"', "passwd"),
    "root path": (b'filename="/etc/passwd"', "passwd"),
    "Windows path": (b'filename="C:\\\\dir\\\\a.pdf"', "a.pdf"),
    "Windows path without escapes": (b'filename="C:\\dir\\a.pdf"', "a.pdf"),
    "slash in a name": (b'filename="AC/DC ../.pdf"', "AC_DC ._.pdf"),
    "signs that disks refuse": (b'filename="Vraag: wat?.pdf"', "Vraag_ wat_.pdf"),
    "device": (b'filename="con.pdf"', "_con.pdf"),
    "long in bytes": (b'filename="' + "あ".encode() * 140 + b'.pdf"', "あ" * 83 + ".pdf"),
    "as people write": (
        b'filename="Offerte d\'Hondt & Zn (2).pdf"',
        "Offerte d'Hondt & Zn (2).pdf",
    ),
    "name in the wrong field": (b"name=a.pdf", "a.pdf"),
    "sections of encoded words": (
        b'filename*0="=?utf-8?Q?caf=C3=A9?= "; filename*1="=?utf-8?Q?=2Epdf?="',
        "café.pdf",
    ),
    "no semicolon between": (b"filename=my file.pdf name=b.pdf", "my file.pdf"),
    "control characters": (b'filename="a\x07\x00b.pdf"', "ab.pdf"),
    "turned reading direction": ('filename="a\u202efdp.exe"'.encode(), "afdp.exe"),
    "only dots": (b'filename=".."', "attachment-1.pdf"),
    "none": (b"", "attachment-1.pdf"),
    "very long": (b'filename="' + b"a" * 500 + b'.pdf"', "a" * 146 + ".pdf"),
    "no closing quote": (b'filename="a.pdf', "a.pdf"),
}


@pytest.mark.parametrize(("parameter", "name"), NAMES.values(), ids=NAMES.keys())
def test_file_names_are_read_and_made_safe(parameter: bytes, name: str) -> None:
    part = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + parameter
    found = read_parts(b"mixed", PLAIN, part + b"\n\nPDF").attachments[0]
    assert found.name == name


def test_files_with_equal_bytes_keep_their_names() -> None:
    """Issue 13.10."""
    part = b"Content-Type: application/octet-stream; name=%b\n\n%b"
    parts = (part % (b"a.txt", b"same"), part % (b"b.txt", b"same"),
             part % (b"e1.log", b""), part % (b"e2.log", b""))  # fmt: skip
    body = b"".join(b"--b\n" + one + b"\n" for one in (PLAIN, *parts)) + b"--b--\n"
    reading = read(message(body, b"Content-Type: multipart/mixed; boundary=b"))
    named = [(one.name, one.size) for one in reading.mail.attachments]
    assert named == [("a.txt", 4), ("b.txt", 4), ("e1.log", 0), ("e2.log", 0)]
    assert reading.contents == (b"same", b"same", b"", b"")
