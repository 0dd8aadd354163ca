"""Decodes the Content-Transfer-Encoding, whatever the sender really did."""

import binascii
import re

from case_intake.domain.mail import charset, uuencode
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.parts import MimePart

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          b"0123456789+/="))  # fmt: skip
_AFTER_PADDING = re.compile(rb"=[ \t]+[^\r\n]+")
_PADDING = re.compile(rb"=+")
_UUENCODE = frozenset(("x-uuencode", "uuencode", "x-uue", "uue", "x-uuencoded"))


def body_of(part: MimePart, note: Note) -> bytes:
    """The bytes of a part, decoded."""
    return undone(part.body, part.headers.first("content-transfer-encoding"), note)


def undone(raw: bytes, encoding: str | None, note: Note) -> bytes:
    """The bytes of a part's body. A wrong or unknown encoding is noted, and its bytes are
    guessed."""
    name = (encoding or "").strip("\"' \t;").lower()
    if "base64" in name:
        return _base64(raw, note)
    if "quoted" in name:
        return binascii.a2b_qp(raw)
    if name in _UUENCODE:
        return _uuencoded(raw, note)
    if name.split("(")[0].strip() not in ("", "7bit", "8bit", "binary", "7-bit", "8-bit"):
        note(f"The transfer encoding {charset.printable(name)} is not known; read as it is.")
    return raw


def _uuencoded(raw: bytes, note: Note) -> bytes:
    block = uuencode.first(raw)
    if block is None:
        note("A part says that it is uuencoded and is not; read as it is.")
        return raw
    return block.content


def _base64(raw: bytes, note: Note) -> bytes:
    packed = b"".join(_AFTER_PADDING.sub(b"=", raw).split())
    kept = packed.translate(None, _NOT_BASE64)
    garbage = len(packed) - len(kept)
    # Words with spaces between them: this text only claims to be base64.
    spaces = raw.count(b" ")
    if garbage * 5 > len(packed) or spaces * 10 > len(packed) > 0:
        note("A part says that it is base64 and is not; read as it is.")
        return raw
    if garbage:
        note("A base64 part holds other characters; they were skipped.")
    decoded = []
    for group in _PADDING.split(kept):
        if len(group) % 4 == 1:
            note("A base64 part is cut off.")
        whole = group[:-1] if len(group) % 4 == 1 else group
        decoded.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(decoded)
