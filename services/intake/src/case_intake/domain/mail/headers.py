"""The header block of a message or part: fields, encoded words, parameters.

This is not the standard library's parser, which recurses as deep as a message nests, and whose
header objects raise on some real messages.
"""

import binascii
import re
from urllib.parse import unquote_to_bytes

from case_intake.domain.mail import charset
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Headers

MAX_FIELDS = 1_000
LONGEST_VALUE = 100_000
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_LIKELY_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:(?: |\t|\r|\n|$)")


def split(raw: bytes, note: Note) -> tuple[Headers, bytes]:
    """The fields of a message or part, and the body after them."""
    fields: list[tuple[str, list[bytes]]] = []
    at = 0
    while at < len(raw):
        end = raw.find(b"\n", at) + 1 or len(raw)
        line = raw[at:end].rstrip(b"\r\n")
        if not line:
            return _decoded(fields, note), raw[end:]
        if len(fields) >= MAX_FIELDS and line[:1] not in b" \t":
            note(f"There are more than {MAX_FIELDS} header fields; the rest was not read.")
            return _decoded(fields, note), _after_blank_line(raw, at)
        field = _FIELD.match(line)
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line)
        elif field:
            fields.append((field[1].decode("ascii"), [line[field.end() :]]))
        elif fields and _LIKELY_FIELD.match(raw[end : end + 80]):
            note(f"A line among the headers is not a header: {_shown(line)}.")
        else:
            if fields:
                note("There is no blank line between the headers and the text.")
            return _decoded(fields, note), raw[at:]
        at = end
    return _decoded(fields, note), b""


def _shown(line: bytes) -> str:
    return charset.printable(line[:80].decode("ascii", "replace"))


def _after_blank_line(raw: bytes, at: int) -> bytes:
    ends = [
        found + len(mark)
        for mark in (b"\n\n", b"\n\r\n")
        if (found := raw.find(mark, max(at - 1, 0))) >= 0
    ]
    return raw[min(ends) :] if ends else b""


def _decoded(fields: list[tuple[str, list[bytes]]], note: Note) -> Headers:
    decoded = []
    for name, lines in fields:
        value = b"".join(lines)
        if len(value) > LONGEST_VALUE:
            note(f"The header {name} is longer than {LONGEST_VALUE} bytes; its end was not read.")
            value = value[:LONGEST_VALUE]
        if b"\0" in value:
            note(f"The header {name} holds NUL bytes.")
        text = charset.decode(value, None, note)
        decoded.append((name, charset.cleaned(text).replace("\n", " ").strip()))
    return Headers(tuple(decoded))


# The last alternative is a word without its end, which some senders cut off.
_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?(?:([^?]*)\?=|([^?\s]*)$|([^?]*)\?(?=\s|$))")


def unencoded(value: str, note: Note) -> str:
    """A header value with its encoded words (RFC 2047) decoded, and broken ones as far as
    possible."""
    pieces: list[str] = []
    pending: list[bytes] = []
    pending_charset = ""
    at = 0
    for word in _WORD.finditer(value):
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


_PARAMETER = re.compile(r';\s*([^=;\s]+)\s*=\s*("(?:[^"\\]+|\\.)*"?|[^;]*)', re.DOTALL)
# Internet Explorer sent C:\folder\file unescaped, so only these two characters count as escaped.
_ESCAPED = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*?)")


def parameters(value: str, note: Note) -> dict[str, str]:
    """The parameters of a field like Content-Type, by lower-case name (RFC 2231 joined)."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name, text = match[1].lower(), _unquoted(match[2])
        section = _SECTION.fullmatch(name)
        if "*" not in name or not section:
            plain.setdefault(name, text)
            continue
        number = int(section[2] or 0)
        sections.setdefault(section[1], {}).setdefault(number, (text, bool(section[3])))
    for name, numbered in sections.items():
        plain[name] = _joined(numbered, note)
    return plain


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text.strip()
    closed = len(text) > 1 and text.endswith('"')
    inner = text[1:-1] if closed else text[1:]
    return _ESCAPED.sub(r"\1", inner)


def _joined(numbered: dict[int, tuple[str, bool]], note: Note) -> str:
    name = None
    pieces: list[bytes] = []
    for number in sorted(numbered):
        text, is_encoded = numbered[number]
        if is_encoded and not pieces and text.count("'") >= 2:
            name, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        pieces.append(unquote_to_bytes(raw) if is_encoded else raw)
    return charset.decode(b"".join(pieces), name or None, note)
