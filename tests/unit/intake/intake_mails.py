"""Builds the sample mails."""

from case_intake.domain.mail import ParsedMail, read_mail

HEAD = (
    b"From: Jan Jansen <jan@example.org>\nTo: desk@example.net\nSubject: Printer\n"
    b"Date: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <1@example.org>\n"
)


def message(body: bytes, *fields: bytes) -> bytes:
    """An ordinary mail with these fields added and this body."""
    return HEAD + b"".join(field + b"\n" for field in fields) + b"\n" + body


def read_body(body: bytes, *fields: bytes) -> ParsedMail:
    """How an ordinary mail with these fields and this body is read."""
    return read_mail(message(body, *fields))


def read_text(text: str) -> ParsedMail:
    """How an ordinary plain mail in UTF-8 is read."""
    return read_body(text.encode(), b"Content-Type: text/plain; charset=utf-8")


def read_html(markup: str) -> ParsedMail:
    """How a mail of HTML only is read."""
    return read_body(markup.encode(), b"Content-Type: text/html; charset=utf-8")


def read_parts(kind: bytes, *parts: bytes, end: bytes = b"--b--\n") -> ParsedMail:
    """How a multipart with boundary b is read; each part has its own fields."""
    body = b"".join(b"--b\n" + part + b"\n" for part in parts) + end
    return read_body(body, b"Content-Type: multipart/" + kind + b"; boundary=b")
