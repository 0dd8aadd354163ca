"""Names of attachments that are safe to show and to store under."""

import mimetypes
import re
import unicodedata

from case_intake.domain.mail import charset, headers
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Headers
from case_intake.domain.mail.parameters import parameters

_LONGEST = 150
_LONGEST_BYTES = 255
"""What file systems take, in bytes of UTF-8."""
_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_DOTS = re.compile(r"\.{2,}")
# A folder of the sender's disk is no part of the name. `AC/DC.pdf` is a name.
_FOLDERS = re.compile(
    r"\A(?:(?:[A-Za-z]:[\\/]|\\\\|/|~/|\.{1,2}[\\/]).*[\\/]|[A-Za-z]:(?=[^\\/\s])|/)"
)
# Windows opens a device in place of a file with such a name.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_PARAMETERS = (("content-disposition", "filename"), ("content-type", "name"),
               ("content-disposition", "name"), ("content-type", "filename"))  # fmt: skip
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
        inner, _ = headers.split(content, charset.unnoted)
        subject = headers.unencoded(inner.first("subject") or "", charset.unnoted)
        safe = _safe(f"{subject or 'message'}.eml")
    else:
        safe = ""
    return safe or f"attachment-{number}{_extension(kind)}"


def given_name(fields: Headers, note: Note) -> str:
    """The part's own name, from Content-Disposition or Content-Type."""
    for field, parameter in _PARAMETERS:
        value = parameters(fields.first(field) or "", note).get(parameter)
        if value and value.strip():
            return headers.unencoded(value, note)
    return ""


def type_of(name: str) -> str:
    """The media type that the ending of a name stands for."""
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def _extension(kind: str) -> str:
    return _EXTENSIONS.get(kind) or _TYPES.guess_extension(kind) or ".bin"


def _safe(name: str) -> str:
    visible = "".join(
        char
        for char in unicodedata.normalize("NFC", charset.one_line(name))
        # Format characters can turn the reading direction: exe.pdf for fdp.exe.
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )
    safe = _DOTS.sub(".", _UNSAFE.sub("_", _FOLDERS.sub("", visible, count=1))).strip(". ")
    if _DEVICE.match(safe):
        safe = f"_{safe}"
    stem, dot, extension = safe.rpartition(".")
    if not dot or len(extension) > 10:
        stem, extension = safe, ""
    end = f".{extension}" if extension else ""
    room = _LONGEST_BYTES - len(end.encode())
    kept = stem[: _LONGEST - len(end)].encode()[:room]
    return kept.decode("utf-8", "ignore") + end
