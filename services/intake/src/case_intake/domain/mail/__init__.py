"""How intake reads a mail: bytes in, a frozen `ParsedMail` out, never an exception (C4)."""

from case_intake.domain.mail.message import (
    Address,
    Automatic,
    Bounce,
    Headers,
    MailAttachment,
    MailReading,
    ParsedMail,
)
from case_intake.domain.mail.reading import read, read_mail

__all__ = [
    "Address",
    "Automatic",
    "Bounce",
    "Headers",
    "MailAttachment",
    "MailReading",
    "ParsedMail",
    "read",
    "read_mail",
]
