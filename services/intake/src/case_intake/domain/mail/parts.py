"""The parts of a message: the tree of multiparts, to a bounded depth and number.

Boundaries are searched with `bytes.find`, so the work grows with size times depth.
"""

import re

import msgspec

from case_intake.domain.mail import charset, headers
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Headers

MAX_DEPTH = 30
MAX_PARTS = 1_000
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_FIRST_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\n(?=[A-Za-z-]{1,60}:)")


class MimePart(msgspec.Struct, frozen=True):
    """A part: a leaf with its encoded body, or a multipart with children."""

    kind: str
    parameters: dict[str, str]
    headers: Headers
    body: bytes
    children: tuple["MimePart", ...] = ()

    @property
    def disposition(self) -> str:
        """`attachment`, `inline`, another word of the sender, or empty."""
        return (self.headers.first("content-disposition") or "").split(";")[0].strip().lower()


class _Walk:
    """The remaining bounds of one walk."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self.left = MAX_PARTS

    def part(self, fields: Headers, body: bytes, default: str, depth: int) -> MimePart:
        value = fields.first("content-type") or ""
        kind = _kind(value, default, self.note)
        parameters = headers.parameters(value, self.note)
        if not kind.startswith("multipart/"):
            return MimePart(kind, parameters, fields, body)
        pieces = self._pieces(body, parameters.get("boundary", "").rstrip(), depth)
        if pieces is None:
            return MimePart("text/plain", parameters, fields, body)
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        children = tuple(
            self.part(*headers.split(piece, self.note), inner, depth + 1) for piece in pieces
        )
        return MimePart(kind, parameters, fields, b"", children)

    def _pieces(self, body: bytes, boundary: str, depth: int) -> list[bytes] | None:
        if depth >= MAX_DEPTH:
            self.note(f"The parts nest deeper than {MAX_DEPTH}; the deepest are read as text.")
            return None
        raw = boundary.encode("utf-8", "replace")
        if not raw:
            guess = _FIRST_BOUNDARY.search(body)
            self.note("A multipart names no boundary.")
            if guess is None:
                return None
            raw = guess[1]
        return self._split(body, b"--" + raw)

    def _split(self, body: bytes, delimiter: bytes) -> list[bytes] | None:
        pieces: list[bytes] = []
        start: int | None = None
        at = body.find(delimiter)
        while at >= 0:
            after = at + len(delimiter)
            line_end = body.find(b"\n", after)
            line_end = len(body) if line_end < 0 else line_end
            rest = body[after : min(line_end, after + 100)].strip()
            starts_line = at == 0 or body[at - 1 : at] == b"\n"
            if starts_line and rest in (b"", b"--"):
                if start is not None:
                    pieces.append(_without_line_end(body[start:at]))
                if rest or not self._take():
                    return pieces
                start = line_end + 1
                after = line_end
            at = body.find(delimiter, after)
        if start is None:
            self.note("The boundary of a multipart does not occur in it; read as text.")
            return None
        self.note("A multipart has no end; the mail may be cut off.")
        return [*pieces, body[start:]]

    def _take(self) -> bool:
        self.left -= 1
        if self.left < 0:
            self.note(f"There are more than {MAX_PARTS} parts; the rest was not read.")
        return self.left >= 0


def _without_line_end(piece: bytes) -> bytes:
    return piece.removesuffix(b"\n").removesuffix(b"\r")


def _kind(value: str, default: str, note: Note) -> str:
    kind = "".join(value.split(";")[0].split()).lower()
    if _TYPE.fullmatch(kind):
        return kind
    if kind == "text":
        return "text/plain"
    if value:
        note(f"The content type {charset.printable(value)} cannot be read.")
    return default


def tree(fields: Headers, body: bytes, note: Note) -> MimePart:
    """The message as a tree of parts."""
    return _Walk(note).part(fields, body, "text/plain", 0)
