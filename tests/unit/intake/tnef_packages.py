"""Builds winmail.dat, as Outlook packs it (MS-OXTNEF)."""

import struct

Property = tuple[int, int, bytes]
LONG_NAME, BODY, HTML, RTF, DATA = 0x3707, 0x1000, 0x1013, 0x1009, 0x3701
TEXT, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x0102


def package(*attributes: bytes) -> bytes:
    """A package with these attributes."""
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def attribute(level: int, name: int, data: bytes) -> bytes:
    """An attribute of the message (level 1) or of a file (level 2)."""
    return (
        struct.pack("<BHHI", level, name, 6, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
    )


def message_properties(*found: Property) -> bytes:
    """The properties of the message."""
    return attribute(1, 0x9003, _properties(found))


def packed_file(title: bytes, content: bytes, *found: Property) -> bytes:
    """A file: its rendering, its short title, its content, and more properties."""
    rest = attribute(2, 0x9005, _properties(found)) if found else b""
    return (
        attribute(2, 0x9002, b"\0" * 14)
        + attribute(2, 0x8010, title + b"\0")
        + attribute(2, 0x800F, content)
        + rest
    )


def _properties(found: tuple[Property, ...]) -> bytes:
    packed = struct.pack("<I", len(found))
    for name, kind, value in found:
        padding = b"\0" * (-len(value) % 4)
        packed += struct.pack("<HHII", kind, name, 1, len(value)) + value + padding
    return packed
