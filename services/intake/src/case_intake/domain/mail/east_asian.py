"""Reads ISO-2022 and EUC-JP with the characters that Windows added to them.

Python's codecs know the standards only. Mail programs also send row 13 (circled digits, `㈱`) and
the characters of NEC; those are in Python's cp932, by another arithmetic on the same rows.
"""

import codecs
import re

_ESCAPE = re.compile(
    rb"\x1b(?:\(([BJIH])|\$([@AB])|\$\(([@A-DO-Q])|\$\)([ACG])|\$\*H|\.[AF])|([\x0e\x0f])"
)
_SHIFTED = {b"A": "$A", b"C": "$C"}
_CODECS = {"$A": "gb2312", "$C": "euc_kr", "$O": "euc_jis_2004", "$Q": "euc_jis_2004"}
# The codecs for which each pair of bytes needs this byte before it.
_THIRD = {"$D": "euc_jp", "$P": "euc_jis_2004"}
_HIGH = bytes(byte | 0x80 if 0x20 < byte < 0x7F else byte for byte in range(256))
_WITH_WINDOWS = "casefold.windows"


def iso2022(raw: bytes) -> str | None:
    """The text of ISO-2022-JP, -KR or -CN; None if the bytes are no such text."""
    if not raw.isascii():
        return None
    pieces: list[str] = []
    single, shifted, charset, at = "B", "", "", 0
    for escape in _ESCAPE.finditer(raw):
        pieces.append(_piece(raw[at : escape.start()], charset or single))
        at = escape.end()
        one, two, long, shift, lock = escape.groups()
        if one is not None:
            single, charset = one.decode(), ""
        elif (multibyte := two or long) is not None:
            charset = "$" + multibyte.decode()
        elif shift is not None:
            shifted = _SHIFTED.get(shift, "")
        elif lock is not None:
            charset = shifted if lock == b"\x0e" else ""
    pieces.append(_piece(raw[at:], charset or single))
    return "".join(pieces)


def _piece(raw: bytes, charset: str) -> str:
    if charset in ("B", "J", "H"):
        return raw.decode("ascii")
    # A line end returns to ASCII, even where the sender forgot the escape.
    line, end, rest = raw.partition(b"\n")
    return _of_pairs(line.rstrip(b"\r"), charset) + (end + rest).decode("ascii")


def _of_pairs(raw: bytes, charset: str) -> str:
    high = raw.translate(_HIGH)
    if charset == "I":
        return high.decode("cp932", "replace")
    if charset in _THIRD:
        pairs = (b"\x8f" + high[at : at + 2] for at in range(0, len(high), 2))
        return b"".join(pairs).decode(_THIRD[charset], "replace")
    if charset in _CODECS:
        return high.decode(_CODECS[charset], "replace")
    return euc_jp(high)


def euc_jp(raw: bytes) -> str:
    """The text of EUC-JP with the characters of Windows."""
    return raw.decode("euc_jp", _WITH_WINDOWS)


def _from_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    at = error.start
    pair = error.object[at : at + 2]
    if len(pair) < 2 or min(pair) < 0xA1:
        return "\ufffd", at + 1
    row, cell = pair[0] & 0x7F, pair[1] & 0x7F
    lead = (row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0)
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes((lead, trail)).decode("cp932", "replace")[:1], at + 2


codecs.register_error(_WITH_WINDOWS, _from_windows)
