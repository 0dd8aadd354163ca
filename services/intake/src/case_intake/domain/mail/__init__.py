"""How intake reads a mail: bytes in, a frozen `Mail` out, never an exception (C4)."""

from case_intake.domain.mail.message import (
    Address,
    Attachment,
    Automatic,
    Bounce,
    Headers,
    Mail,
    Reading,
)
from case_intake.domain.mail.reading import read, read_mail

__all__ = [
    "Address",
    "Attachment",
    "Automatic",
    "Bounce",
    "Headers",
    "Mail",
    "Reading",
    "read",
    "read_mail",
]
