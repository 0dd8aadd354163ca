"""Converts bytes to text, whatever the mail says about them."""

import codecs
import re
from collections.abc import Callable

# Codecs outside this list are either not for text (rot13) or slow on long input (punycode).
_TEXT_CODEC = re.compile(
    r"ascii|utf-?(?:7|8|8-sig|16|32)|(?:utf-(?:16|32)-[bl]e)|iso8859-\d+|cp\d+|koi8-[rtu]|"
    r"gb2312|gbk|gb18030|hz|big5|big5hkscs|euc_\w+|shift_jis\w*|iso2022_\w+|mac-\w+|johab|"
    r"ptcp154|kz1048|tis-620"
)
_NAME = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")
# Charsets that mail programs name although they use a larger, related one.
_RELATIVES = {
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "utf-8": "utf-8-sig",
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")

Note = Callable[[str], None]


def decode(raw: bytes, declared: str | None, note: Note) -> str:
    """`raw` as text. Bytes that do not fit the declared charset are guessed, and this is noted."""
    name = (declared or "").strip(" \t\"'").lower()
    if not name and raw.isascii():
        return raw.decode("ascii")
    codec = _codec(name) if name else None
    if name and codec is None:
        note(f"The charset {printable(name)} is not known.")
    if codec not in (None, "ascii"):
        try:
            return raw.decode(_RELATIVES.get(codec, codec))
        except (UnicodeError, ValueError):
            pass
    elif raw.isascii():
        return raw.decode("ascii")
    return _guessed(raw, name, note)


def _guessed(raw: bytes, name: str, note: Note) -> str:
    text = raw.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    guess = "utf-8"
    # A few broken bytes in real UTF-8 are better than a wrong charset for the whole text.
    if broken and broken >= sum(char > "\x7f" and char != "\ufffd" for char in text):
        text, guess = _windows(raw), "windows-1252"
    surprise = f"does not fit the charset {printable(name)}" if name else "names no charset"
    note(f"A text {surprise}; it was read as {guess}.")
    return text


def _windows(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _codec(name: str) -> str | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if _TEXT_CODEC.fullmatch(found) else None


def cleaned(text: str) -> str:
    """The text with LF line ends and without control characters, which no database accepts."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Text on one line: for subjects and names."""
    return " ".join(cleaned(text).split())


def printable(text: str) -> str:
    """A short piece of foreign text, safe to quote in a problem."""
    short = one_line(text)
    return f"'{short[:60]}…'" if len(short) > 60 else f"'{short}'"
