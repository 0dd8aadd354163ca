"""The header block of a message or part: fields, and the encoded words in them.

This is not the standard library's parser, which recurses as deep as a message nests, and whose
header objects raise on some real messages.
"""

import binascii
import re
from collections.abc import Sequence

from case_intake.domain.mail import charset
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Headers

MAX_FIELDS = 1_000
LONGEST_VALUE = 100_000
LONGEST_BLOCK = 1_000_000
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_LIKELY_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:(?: |\t|\r|\n|$)")
# Fields by which a block of headers is known, where lines before them are not headers.
_KNOWN_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-(?:type|transfer-encoding)|"
    rb"received|return-path|reply-to|sender|in-reply-to|references|delivered-to|dkim-signature|"
    rb"x-[a-z0-9-]{1,60})[ \t]?:",
    re.IGNORECASE,
)
_TELLING = frozenset(("from", "to", "subject"))
_PARAMETER_LINE = re.compile(rb"[A-Za-z0-9*-]{1,40}\s?=\s?\S")
_FURTHEST = 12
_LONGEST_PREFACE = 4
_FEW_LINES = 3
_MBOX_LINE = re.compile(rb">?From (?![ \t]*:)")
_BLANK_LINES = re.compile(rb"(?:[ \t\r]*\n)+")
# An encoded word that holds raw bytes: they are encoded first, so that its own charset counts.
_RAW_WORD = re.compile(rb"(=\?[!->@-~]{2,60}\?[qQ]\?)([^?\n]{0,998}\?=)")
_RAW_BYTE = re.compile(rb"[\x80-\xff]")
WORD = re.compile(
    r"=\?([^?\s]{1,100})\?([bBqQ])\?"
    r"(?:((?:[^?=]|\?(?!=)|=(?!\?(?!=)))*+)\?=|([^?\s]*)$|([^?]*)\?(?=\s|$))"
)
"""An encoded word: its charset, its encoding, and its text. The last two forms have no end, which
some senders cut off."""


def of_message(raw: bytes, note: Note, others: Sequence[str] = ()) -> tuple[Headers, bytes]:
    """The fields of a whole message, wherever its headers begin, and its body."""
    raw = _without_preface(_with_line_feeds(raw, note), note)
    fields, body = _Block(raw, note).read()
    if fields and not {name.lower() for name, _ in fields} & _TELLING:
        more, after = _Block(body.lstrip(), charset.unnoted).read()
        if {name.lower() for name, _ in more} >= {"from", "subject"}:
            note("There is a blank line among the headers.")
            fields, body = [*fields, *more], after
    return _decoded(fields, note, others), body


def _with_line_feeds(raw: bytes, note: Note) -> bytes:
    # Only without any line feed: in a binary part a lone CR is data.
    start = raw[:2000]
    if start.count(b"\r") < _FEW_LINES or b"\n" in start:
        return raw
    note("The lines end in CR only.")
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def split(raw: bytes, note: Note, others: Sequence[str] = ()) -> tuple[Headers, bytes]:
    """The fields of a message or part, and the body after them.

    `others` are the charsets that the mail declares, for values in raw bytes.
    """
    fields, body = _Block(raw, note).read()
    return _decoded(fields, note, others), body


class _Block:
    """Reads one block of header lines."""

    def __init__(self, raw: bytes, note: Note) -> None:
        self._raw, self._note = raw, note
        self._fields: list[tuple[str, list[bytes]]] = []

    def read(self) -> tuple[list[tuple[str, list[bytes]]], bytes]:
        """The fields with their lines, and the body."""
        raw, at = self._raw, 0
        while at < len(raw):
            end = raw.find(b"\n", at) + 1 or len(raw)
            line = raw[at:end].rstrip(b"\r\n")
            if not line:
                return self._fields, raw[end:]
            if (len(self._fields) >= MAX_FIELDS or at > LONGEST_BLOCK) and self._is_full(at, line):
                return self._fields, _after_blank_line(raw, at)
            if not self._take(line, end):
                if self._fields:
                    self._note("There is no blank line between the headers and the text.")
                return self._fields, raw[at:]
            at = end
        return self._fields, b""

    def _is_full(self, at: int, line: bytes) -> bool:
        if len(self._fields) >= MAX_FIELDS and line[:1] not in b" \t":
            self._note(f"There are more than {MAX_FIELDS} header fields; the rest was not read.")
            return True
        if at > LONGEST_BLOCK:
            self._note(f"The headers are longer than {LONGEST_BLOCK} bytes; the rest was not read.")
            return True
        return False

    def _take(self, line: bytes, end: int) -> bool:
        """Add a line to the fields; false where the text begins without a blank line."""
        field = _FIELD.match(line)
        if line[:1] in b" \t" and self._fields:
            self._fields[-1][1].append(line)
        elif field and not (b"=" in line and self._goes_on(line)):
            self._fields.append((field[1].decode("ascii"), [line[field.end() :]]))
        elif self._fields and (self._goes_on(line) or self._is_known_after(end)):
            self._note(f"A line among the headers is not a header: {_shown(line)}.")
            self._fields[-1][1].append(b" " + line)
        elif self._fields and _LIKELY_FIELD.match(self._raw[end : end + 80]):
            self._note(f"A line among the headers is not a header: {_shown(line)}.")
        else:
            return False
        return True

    def _goes_on(self, line: bytes) -> bool:
        """Whether the line is a parameter of the field before it, folded without its indent."""
        if not self._fields or not _PARAMETER_LINE.match(line):
            return False
        name, lines = self._fields[-1]
        return name.lower().startswith("content-") and lines[-1].rstrip().endswith(b";")

    def _is_known_after(self, at: int) -> bool:
        """Whether a field that mails have stands in the next lines, before any blank one."""
        seen = {name.lower() for name, _ in self._fields}
        for _ in range(_FURTHEST):
            end = self._raw.find(b"\n", at) + 1 or len(self._raw)
            line = self._raw[at : min(end, at + 200)]
            if not line.strip():
                return False
            known = _KNOWN_FIELD.match(line)
            if known:
                name = known[0].rstrip(b": \t").decode().lower()
                return name not in seen or name.startswith(("received", "x-"))
            at = end
        return False


def _without_preface(raw: bytes, note: Note) -> bytes:
    """The message from its first header on, without what programs put before it: blank lines, an
    mbox line, a rule."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    blank = _BLANK_LINES.match(raw)
    at = blank.end() if blank else 0
    junk = b""
    for _ in range(_LONGEST_PREFACE):
        end = raw.find(b"\n", at) + 1 or len(raw)
        line = raw[at:end].rstrip()
        is_mbox = _MBOX_LINE.match(line) is not None
        if not is_mbox and (_KNOWN_FIELD if junk else _FIELD).match(line):
            break
        junk = junk or (b"" if is_mbox else line)
        at = end
    else:
        return raw
    if junk:
        note(f"A line before the headers is not a header: {_shown(junk)}.")
    return raw[at:]


def _shown(line: bytes) -> str:
    return charset.printable(line[:80].decode("ascii", "replace"))


def _after_blank_line(raw: bytes, at: int) -> bytes:
    ends = [
        found + len(mark)
        for mark in (b"\n\n", b"\n\r\n")
        if (found := raw.find(mark, max(at - 1, 0))) >= 0
    ]
    return raw[min(ends) :] if ends else b""


def _decoded(fields: list[tuple[str, list[bytes]]], note: Note, others: Sequence[str]) -> Headers:
    joined = []
    for name, lines in fields:
        value = b"".join(lines)
        if len(value) > LONGEST_VALUE or b"\0" in value or not value.isascii():
            value = _repaired(name, value, note)
        joined.append((name, value))
    raw = b"\n".join(value for _, value in joined if not value.isascii() and not _is_utf8(value))
    by = charset.likely(raw, others) if raw else None
    decoded = []
    for name, value in joined:
        if value.isascii() and (text := value.decode()).isprintable():
            decoded.append((name, text.strip()))  # nearly every field
            continue
        text = charset.decode(value, None if _is_utf8(value) else by, note)
        decoded.append((name, charset.cleaned(text).replace("\n", " ").strip()))
    if by:
        note(f"Headers hold raw bytes; they were read as {by}.")
    return Headers(tuple(decoded))


def _repaired(name: str, value: bytes, note: Note) -> bytes:
    if len(value) > LONGEST_VALUE:
        note(f"The header {name} is longer than {LONGEST_VALUE} bytes; its end was not read.")
        value = value[:LONGEST_VALUE]
    if b"\0" in value:
        note(f"The header {name} holds NUL bytes.")
    return _RAW_WORD.sub(_encoded, value)


def _encoded(word: re.Match[bytes]) -> bytes:
    return word[1] + _RAW_BYTE.sub(lambda byte: b"=%02X" % byte[0][0], word[2])


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def unencoded(value: str, note: Note) -> str:
    """A header value with its encoded words (RFC 2047) decoded, and broken ones as far as
    possible."""
    pieces: list[str] = []
    pending: list[bytes] = []
    pending_charset = ""
    at = 0
    for word in WORD.finditer(value):
        between = value[at : word.start()]
        name = word[1].split("*")[0].lower()
        # A character may be split over two words, so bytes are joined before they are decoded.
        if pending and (between.strip() or name != pending_charset):
            pieces.append(charset.decode(b"".join(pending), pending_charset, note))
            pending = []
        if between.strip() or not at:
            pieces.append(between)
        body = next(group for group in word.groups()[2:] if group is not None)
        if word[3] is None:
            note("An encoded word in a header has no end.")
        pending.append(_word_bytes(word[2], body, note))
        pending_charset, at = name, word.end()
    if pending:
        pieces.append(charset.decode(b"".join(pending), pending_charset, note))
    pieces.append(value[at:])
    return charset.one_line("".join(pieces))


def _word_bytes(encoding: str, body: str, note: Note) -> bytes:
    raw = body.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    stripped = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(stripped) % 4 == 1:
        note("An encoded word in a header is cut off.")
        stripped = stripped[:-1]
    return binascii.a2b_base64(stripped + b"=" * (-len(stripped) % 4))
