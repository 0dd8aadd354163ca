"""Files that stand in a text by uuencode, as some programs still send them."""

import binascii
import re
from collections.abc import Iterator

import msgspec

_BEGIN = re.compile(rb"(?:\A|(?<=\n))begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
_MOST = 100


class UuencodedFile(msgspec.Struct, frozen=True):
    """A file, its name in bytes, and where its block begins and ends in the text."""

    name: bytes
    content: bytes
    start: int
    end: int


def first(text: bytes) -> UuencodedFile | None:
    """The first file in the text, or None."""
    return next(files(text), None)


def files(text: bytes) -> Iterator[UuencodedFile]:
    """The files in the text, in order. A block that does not decode is no file."""
    at = found = 0
    while found < _MOST and (begin := _BEGIN.search(text, at)):
        content, at = _block(text, begin.end())
        if content is not None:
            found += 1
            yield UuencodedFile(begin[1].strip(), content, begin.start(), at)


def _block(text: bytes, at: int) -> tuple[bytes | None, int]:
    """The content of a block, and where it ends; None where a line is no uuencode."""
    decoded: list[bytes] = []
    is_cut = False
    while at < len(text):
        end = text.find(b"\n", at) + 1 or len(text)
        line = text[at:end].rstrip(b"\r\n")
        if line.rstrip() == b"end":
            return b"".join(decoded), end
        length = (line[0] - 32) & 63 if line else 0
        needed = 1 + (length + 2) // 3 * 4 if length else 0
        # Spaces at the end are lost on the way, and some programs add a character.
        if len(line) > max(needed, 1) + 2:
            return None, at
        try:
            decoded.append(binascii.a2b_uu(line[:needed].ljust(needed)) if needed else b"")
        except binascii.Error:
            return None, at
        is_cut = is_cut or len(line) < needed
        at = end
    # A block without an end was cut off, or is prose that looks like one.
    return (b"".join(decoded) if decoded and not is_cut else None), at
