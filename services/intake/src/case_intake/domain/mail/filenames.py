"""Names of attachments that are safe to show and to store under."""

import mimetypes
import re
import unicodedata

from case_intake.domain.mail import charset, headers
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Headers

_LONGEST = 150
_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_DOTS = re.compile(r"\.{2,}")
# Only Python's own table: a machine's mime.types would make names differ between machines.
_TYPES = mimetypes.MimeTypes(filenames=())
_EXTENSIONS = {
    "application/ms-tnef": ".dat",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/rfc822-headers": ".txt",
}


def name_of(fields: Headers, kind: str, content: bytes, number: int, note: Note) -> str:
    """The part's own name, made safe; without one, a name from its type and number."""
    given = given_name(fields, note)
    if given:
        safe = _safe(given)
        if safe != charset.one_line(given):
            note(f"The file name {charset.printable(given)} was made safe.")
    elif kind == "message/rfc822":
        inner, _ = headers.split(content, lambda _: None)
        subject = headers.unencoded(inner.first("subject") or "", lambda _: None)
        safe = _safe(f"{subject or 'message'}.eml")
    else:
        safe = ""
    return safe or f"attachment-{number}{_extension(kind)}"


def given_name(fields: Headers, note: Note) -> str:
    """The part's own name, from Content-Disposition or Content-Type."""
    for field, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = headers.parameters(fields.first(field) or "", note).get(parameter)
        if value and value.strip():
            return headers.unencoded(value, note)
    return ""


def _extension(kind: str) -> str:
    return _EXTENSIONS.get(kind) or _TYPES.guess_extension(kind) or ".bin"


def _safe(name: str) -> str:
    visible = "".join(
        char
        for char in unicodedata.normalize("NFC", charset.one_line(name))
        # Format characters can turn the reading direction: exe.pdf for fdp.exe.
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    safe = _DOTS.sub(".", _UNSAFE.sub("_", visible)).strip(". ")
    stem, dot, extension = safe.rpartition(".")
    if len(safe) > _LONGEST and dot and len(extension) <= 10:
        return f"{stem[: _LONGEST - len(extension) - 1]}.{extension}"
    return safe[:_LONGEST]
