"""Finds the codec for the name of a charset, as mail programs write it."""

import codecs
import re

_NAME = re.compile(r"[a-z0-9_.:+-]{1,40}")
# Codecs outside this list are either not for text (rot13) or slow on long input (punycode).
_TEXT_CODEC = re.compile(
    r"ascii|utf-?(?:7|8|8-sig|16|32)|(?:utf-(?:16|32)-[bl]e)|iso8859-\d+|cp\d+|koi8-[rtu]|"
    r"gb2312|gbk|gb18030|hz|big5|big5hkscs|euc_\w+|shift_jis\w*|iso2022_\w+|mac-\w+|johab|"
    r"ptcp154|kz1048|tis-620"
)
# The sender's program did not know the charset, or says how the bytes travel instead.
_NO_NAME = frozenset(
    ("", "ansi", "default", "unknown", "unknown-8bit", "x-unknown", "x-user-defined", "_autodetect",
     "8bit", "7bit", "binary", "none", "text", "user-defined", "ansi_x3.110-1983")
)  # fmt: skip
_ALIASES = {
    "big5-eten": "big5",
    "csgb2312": "gb2312",
    "csgb231280": "gb2312",
    "csiso885913": "iso8859-13",
    "csiso885915": "iso8859-15",
    "cswindows31j": "cp932",
    "gb_2312-80": "gb2312",
    "koi8": "koi8-r",
    "latin-9": "iso8859-15",
    "mac-ce": "mac-latin2",
    "mac-centraleurroman": "mac-latin2",
    "windows-31j": "cp932",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "cp51932": "euc_jp",
    "cp51949": "euc_kr",
    "cp28591": "iso8859-1",
    "cp65001": "utf-8",
    "eucjpms": "euc_jp",
    "iso-2022-jp-ms": "iso2022_jp",
    "macintosh": "mac-roman",
    "ms_kanji": "cp932",
    "sjis": "cp932",
    "unicode": "utf-16",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8-mac": "utf-8",
}
# Charsets without a codec in Python that `east_asian` reads.
_ISO_2022 = re.compile(r"(?:cs)?iso-?2022-?(?:jp|kr|cn)(?:-[a-z0-9]+)?")
# -i and -e say in what order right-to-left text stands (RFC 1556); it is the logical order anyway.
_DIRECTION = re.compile(r"(.*8859[-_]?[68])-?[ie]")
_END = re.compile(r"[;\s(\"']")
_WINDOWS = re.compile(r"(?:windows|win|ms|microsoft|ibm|dos|cp)[-_ ]?(?:cp)?(\d{3,5})")
_ISO = re.compile(r"(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})(?:[-:_]\d{4})?")


def codec_of(declared: str | None) -> str | None:
    """Python's name of the codec, `iso2022` for all of that family, or None if it is not known."""
    name = plain(declared)
    if not _NAME.fullmatch(name):
        return None
    if _ISO_2022.fullmatch(name):
        return "iso2022"
    if (found := _DIRECTION.fullmatch(name)) is not None:
        name = found[1]
    for one in (name, name.removeprefix("x-")):
        codec = _python_codec(_ALIASES.get(one, one)) or _numbered(one)
        if codec is not None:
            return "iso2022" if codec.startswith("iso2022") else codec
    return None


def plain(declared: str | None) -> str:
    """The name in lower case, without quotes; empty where it says nothing."""
    name = _END.split((declared or "").strip(" \t\"'"), maxsplit=1)[0].lower()
    return "" if name in _NO_NAME else name


def _numbered(name: str) -> str | None:
    if (page := _WINDOWS.fullmatch(name)) is not None:
        return _python_codec(_ALIASES.get(f"cp{page[1]}", f"cp{page[1]}"))
    if (part := _ISO.fullmatch(name)) is not None:
        return _python_codec(f"iso8859-{part[1]}")
    return None


def _python_codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if _TEXT_CODEC.fullmatch(found) else None
