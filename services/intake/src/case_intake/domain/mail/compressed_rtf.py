"""Decompresses the RTF of Outlook (MS-OXRTFCP)."""

import struct

_BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
MAX_SIZE = 10_000_000
"""The bytes of a decompressed text at most."""


def decompressed(raw: bytes) -> bytes:
    """The RTF. Raises ValueError for bytes that are no compressed RTF."""
    if len(raw) < 16:
        raise ValueError("too short")
    size, kind = min(struct.unpack_from("<I", raw, 4)[0], MAX_SIZE), raw[8:12]
    if kind == _PLAIN:
        return raw[16 : 16 + size]
    if kind != _COMPRESSED:
        raise ValueError("unknown compression")
    window = bytearray(_BEGINNING.ljust(_WINDOW, b" "))
    write, at, out = len(_BEGINNING), 16, bytearray()
    while at < len(raw) and len(out) < size:
        flags, at = raw[at], at + 1
        for bit in range(8):
            if at >= len(raw) or len(out) >= size:
                break
            if not flags >> bit & 1:
                run, at = raw[at : at + 1], at + 1
            else:
                reference, at = int.from_bytes(raw[at : at + 2], "big"), at + 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write % _WINDOW:
                    return bytes(out)
                run = _run(window, offset, length, write)
            for byte in run:
                window[write % _WINDOW] = byte
                write += 1
            out += run
    return bytes(out[:size])


def _run(window: bytearray, offset: int, length: int, write: int) -> bytes:
    """A piece of the window, which may reach into what it writes itself."""
    run = bytearray()
    for number in range(length):
        place = (offset + number) % _WINDOW
        ahead = (place - write) % _WINDOW
        run.append(run[ahead] if ahead < len(run) else window[place])
    return bytes(run)
