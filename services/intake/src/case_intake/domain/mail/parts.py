"""The parts of a message: the tree of multiparts, to a bounded depth and number.

The work grows with size times depth.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from case_intake.domain.mail import charset, headers
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Headers
from case_intake.domain.mail.parameters import parameters, without_parameters

MAX_DEPTH = 30
MAX_PARTS = 1_000
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
# A line that can only be a boundary: headers of a part follow it, at once or after the blank line
# that some programs put between.
_BOUNDARY = re.compile(
    rb"(?:\A|\n)--([^\s][^\r\n]{0,199}?)[ \t]*\r?\n(?:\r?\n)?(?=content-[a-z-]{1,40}[ \t]?:)",
    re.IGNORECASE,
)
_HEADER = rb"content-(?:type|disposition|transfer-encoding)[ \t]?:"
_STRAY = re.compile(rb"(?:\A|\n)" + _HEADER, re.IGNORECASE)
_BLANK_BEFORE_HEADERS = re.compile(rb"(?:\r?\n)+(?=" + _HEADER + rb")", re.IGNORECASE)


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

    def __init__(self, note: Note, declared: Sequence[str]) -> None:
        self.note, self.declared = note, declared
        self.left = MAX_PARTS

    def part(self, fields: Headers, body: bytes, default: str, depth: int) -> MimePart:
        value = fields.first("content-type") or ""
        kind = _kind(value, default, self.note)
        given = parameters(value, self.note)
        if not kind.startswith("multipart/"):
            return MimePart(kind, given, fields, body)
        pieces = self._pieces(body, given.get("boundary", "").rstrip(), depth)
        if pieces is None:
            return MimePart("text/plain", given, fields, body)
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        children = tuple(self._child(piece, inner, depth) for piece in pieces)
        return MimePart(kind, given, fields, b"", children)

    def _child(self, piece: bytes, default: str, depth: int) -> MimePart:
        blank = _BLANK_BEFORE_HEADERS.match(piece)
        fields, body = headers.split(piece[blank.end() :] if blank else piece, self.note,
                                     self.declared)  # fmt: skip
        return self.part(fields, body, default, depth + 1)

    def _pieces(self, body: bytes, boundary: str, depth: int) -> list[bytes] | None:
        if depth >= MAX_DEPTH:
            self.note(f"The parts nest deeper than {MAX_DEPTH}; the deepest are read as text.")
            return None
        if boundary:
            pieces = self._split(body, b"--" + boundary.encode("utf-8", "replace"))
            if pieces is not None:
                return pieces
            self.note("The boundary of a multipart does not occur in it.")
        else:
            self.note("A multipart names no boundary.")
        guess = _BOUNDARY.search(body)
        if guess is None:
            return None
        # What stands before the guess may be a part whose boundary is broken, too.
        before = [body[: guess.start()]] if body[: guess.start()].strip() else []
        return before + (self._split(body[guess.start() :].lstrip(), b"--" + guess[1]) or [])

    def _split(self, body: bytes, delimiter: bytes) -> list[bytes] | None:
        """The parts; None if the boundary does not occur."""
        pieces: list[bytes] = []
        start, before = 0, True  # before the first boundary, or after the last one
        for at, end, closes in _boundary_lines(body, delimiter):
            piece = _without_line_end(body[start:at])
            is_between = before and start and piece.strip()
            pieces += [piece] if is_between or not before else self._stray(piece)
            if not self._take():
                return [*pieces, body[at:]]
            start, before = end, closes
        if not pieces and before and start == 0:
            return None
        if not before:
            self.note("A multipart has no end; the mail may be cut off.")
            return [*pieces, body[start:]]
        return [*pieces, *self._stray(body[start:])] or None

    def _stray(self, text: bytes) -> list[bytes]:
        """What stands outside the parts: nothing, unless it is a part with a broken boundary."""
        if not _STRAY.search(text):
            return []
        self.note("A part stands outside the boundaries.")
        guess = _BOUNDARY.search(text)
        if guess is None:
            return [text]
        lines = [(at, end) for at, end, _ in _boundary_lines(text, b"--" + guess[1])][:MAX_PARTS]
        ends = [at for at, _ in lines[1:]] + [len(text)]
        pieces = [text[end:after] for (_, end), after in zip(lines, ends, strict=True)]
        return [one for one in (text[: lines[0][0]], *pieces) if one.strip()]

    def _take(self) -> bool:
        self.left -= 1
        if self.left < 0:
            self.note(f"There are more than {MAX_PARTS} parts; the rest is read as text.")
        return self.left >= 0


def _boundary_lines(body: bytes, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each line with the boundary begins and ends, and whether it closes the multipart."""
    line = re.compile(rb"^" + re.escape(delimiter) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
    for found in line.finditer(body):
        yield found.start(), found.end(), found[1] is not None


def _without_line_end(piece: bytes) -> bytes:
    return piece.removesuffix(b"\n").removesuffix(b"\r")


def _kind(value: str, default: str, note: Note) -> str:
    kind = "".join(without_parameters(value).split()).lower()
    if _TYPE.fullmatch(kind):
        return kind
    if kind == "text":
        return "text/plain"
    if value:
        note(f"The content type {charset.printable(value)} cannot be read.")
    return default


def tree(fields: Headers, body: bytes, note: Note, declared: Sequence[str] = ()) -> MimePart:
    """The message as a tree of parts. `declared` are the charsets that the mail names."""
    return _Walk(note, declared).part(fields, body, "text/plain", 0)


def walk(root: MimePart) -> Iterator[MimePart]:
    """The part and all parts below it, to a depth of `MAX_DEPTH` at most."""
    yield root
    for child in root.children:
        yield from walk(child)
