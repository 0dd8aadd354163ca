"""The parameters of a field like Content-Type (RFC 2231), as senders really write them."""

import re
from urllib.parse import unquote_to_bytes

from case_intake.domain.mail import charset
from case_intake.domain.mail.charset import Note

_KNOWN = r"(?:boundary|charset|name|filename|format|delsp|type|report-type)"
# A space in place of a semicolon separates only parameters that mails have.
_PARAMETER = re.compile(
    rf"(?:;\s*([^=;\s]+)|\s({_KNOWN}\*?\d?\*?))\s*=\s*"
    rf'("(?:[^"\\]++|\\.)*+"?|(?:[^;\s]++|\s++(?!{_KNOWN}\*?\d?\*?=))*+)',
    re.DOTALL | re.IGNORECASE,
)
# Internet Explorer sent C:\folder\file unescaped, so only these two characters count as escaped.
_ESCAPED = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*?)")


def parameters(value: str, note: Note) -> dict[str, str]:
    """The parameters of a field like Content-Type, by lower-case name (RFC 2231 joined)."""
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name, text = (match[1] or match[2]).lower(), _unquoted(match[3])
        section = _SECTION.fullmatch(name)
        if "*" not in name or not section:
            plain.setdefault(name, text)
            continue
        number = int(section[2] or 0)
        sections.setdefault(section[1], {}).setdefault(number, (text, bool(section[3])))
    for name, numbered in sections.items():
        plain[name] = _joined(numbered, note)
    return plain


def without_parameters(value: str) -> str:
    """The value before its first parameter, with or without a semicolon."""
    first = _PARAMETER.search(value)
    return (value[: first.start()] if first else value).split(";")[0]


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
