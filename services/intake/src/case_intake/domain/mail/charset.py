"""Converts bytes to text, whatever the mail says about them."""

import re
from collections.abc import Callable, Sequence

from chardetng_py import detect

from case_intake.domain.mail import east_asian
from case_intake.domain.mail.charset_names import codec_of, plain

# Charsets that mail programs name although they use a larger, related one.
_RELATIVES = {
    "big5": ("cp950", "big5hkscs"),
    "euc_kr": ("cp949",),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "iso8859-1": ("cp1252",),
    "iso8859-11": ("cp874",),
    "iso8859-8": ("iso8859-8", "cp1255"),
    "iso8859-9": ("cp1254",),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "tis-620": ("cp874",),
    "utf-16": ("utf-16", "utf-16-le"),
    "utf-8": ("utf-8-sig",),
}
# The codes 0x80 to 0x9f are letters in these, and control characters in the standards.
_OF_WINDOWS = {"iso8859-2": "cp1250", "iso8859-7": "cp1253", "iso8859-13": "cp1257",
               "iso8859-15": "cp1252"}  # fmt: skip
_WINDOWS_CODE = re.compile(rb"[\x80-\x9f]")
_SINGLE = re.compile(r"iso8859-\d+|cp(?:125\d|437|85\d|866|874)|koi8-[rtu]|mac-\w+|tis-620")
_WESTERN = ("", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-8")
_NOT_ASCII = re.compile(r"utf-(?:7|16|32).*|hz|iso2022")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"charset\*?=\s*\"?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_HEAD = 65_536
_SAMPLE = 20_000
# The wide space of Chinese and Japanese stands inside names.
_SPACES = re.compile(r"[^\S\u3000]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")

Note = Callable[[str], None]


def unnoted(_: str) -> None:
    """A `Note` that notes nothing: for a second look at what is read and noted elsewhere."""


def decode(raw: bytes, declared: str | None, note: Note, others: Sequence[str] = ()) -> str:
    """`raw` as text. Bytes that do not fit the declared charset are guessed, and this is noted.

    `others` are the charsets that other parts of the mail declare.
    """
    name = plain(declared)
    codec = codec_of(name)
    if name and codec is None:
        note(f"The charset {printable(name)} is not known.")
    if raw.isascii() and b"\x1b" not in raw and not _NOT_ASCII.fullmatch(codec or ""):
        return raw.decode("ascii")
    text = _declared(raw, codec) if codec else None
    if text is not None:
        return text
    text, guess = _guessed(raw, codec, others)
    surprise = f"does not fit the charset {printable(name)}" if name else "names no charset"
    note(f"A text {surprise}; it was read as {guess}.")
    return text


def declared_in(raw: bytes) -> tuple[str, ...]:
    """The names of charsets in the first part of a mail, without repeats."""
    found = (match[1].decode().lower() for match in _DECLARED.finditer(raw[:_HEAD]))
    return tuple(dict.fromkeys(found))


def _declared(raw: bytes, codec: str) -> str | None:
    """The text by the declared charset; None if the bytes tell another story."""
    if codec in ("iso2022", "ascii"):
        return east_asian.iso2022(raw)
    if codec in _OF_WINDOWS and _WINDOWS_CODE.search(raw):
        codec = _OF_WINDOWS[codec]
    if _SINGLE.fullmatch(codec) and _fits(raw, "utf-8"):
        return None
    if codec.startswith(("utf-16", "utf-32")) and b"\0" not in raw and _fits(raw, "utf-8"):
        return None
    if codec.startswith("utf-16") and len(raw) % 2 and b"\r\n" in raw:
        raw = raw.replace(b"\r\n", b"\n")[: len(raw) - raw.count(b"\r\n") & ~1]
    for one in _RELATIVES.get(codec, (codec,)):
        try:
            return raw.decode(one)
        except (UnicodeError, ValueError):
            continue
    return None


def _fits(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except (UnicodeError, ValueError):
        return False
    return True


def _guessed(raw: bytes, codec: str | None, others: Sequence[str]) -> tuple[str, str]:
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return raw.decode(marked, "replace"), marked
    if b"\x1b$" in raw and (text := east_asian.iso2022(raw)) is not None:
        return text, "iso-2022"
    text = raw.decode("utf-8", "replace")
    # A few broken bytes in a real text are better than a wrong charset for the whole text.
    if _is_mostly_read(text):
        return text, "utf-8"
    if codec and codec not in ("utf-8", "ascii") and not _NOT_ASCII.fullmatch(codec):
        text = _leniently(raw, codec)
        if _is_mostly_read(text):
            return text, codec
    guess = likely(raw, others)
    return _leniently(raw, codec_of(guess) or "cp1252"), guess


def _is_mostly_read(text: str) -> bool:
    broken = text.count("\ufffd")
    return not broken or broken < sum(char > "\x7f" and char != "\ufffd" for char in text)


def _leniently(raw: bytes, codec: str) -> str:
    if codec == "euc_jp":
        return east_asian.euc_jp(raw)
    return raw.decode(_RELATIVES.get(codec, (codec,))[0], "replace")


def likely(raw: bytes, others: Sequence[str]) -> str:
    """The charset that the bytes look like; that of another part, if they fit it as well."""
    start = next((at for at, byte in enumerate(raw) if byte > 0x7F), 0)
    sample = raw[max(0, start - 100) : start + _SAMPLE]
    guess = detect(sample)
    codecs = {codec_of(other) or "": other for other in others}
    if codec_of(guess) in codecs or len(raw) == 0:
        return guess
    for codec, other in codecs.items():
        is_distinct = codec not in _WESTERN and not _NOT_ASCII.fullmatch(codec)
        if is_distinct and _declared(raw, codec) is not None:
            return other
    return guess


def cleaned(text: str) -> str:
    """The text with LF line ends and without control characters, which no database accepts."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Text on one line: for subjects and names."""
    return " ".join(_SPACES.split(cleaned(text).strip()))


def printable(text: str) -> str:
    """A short piece of foreign text, safe to quote in a problem."""
    short = one_line(text)
    return f"'{short[:60]}…'" if len(short) > 60 else f"'{short}'"
