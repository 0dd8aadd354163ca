"""Unpacks winmail.dat, in which Outlook packs a mail and its files (MS-OXTNEF)."""

import struct
from collections.abc import Iterator

import msgspec

from case_intake.domain.mail import charset, compressed_rtf
from case_intake.domain.mail.charset import Note

SIGNATURE = struct.pack("<I", 0x223E9F78)
_MOST_FILES = 1_000
_MOST_ATTRIBUTES = 10_000
_DEEPEST = 3
_ATTACH_REND, _ATTACH_TITLE, _ATTACH_DATA, _ATTACHMENT = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
# The properties that are read: texts of the message, names and contents of files.
_P_BODY, _P_HTML, _P_RTF, _P_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_P_NAME, _P_LONG_NAME, _P_SHORT_NAME, _P_DATA = 0x3001, 0x3707, 0x3704, 0x3701
_FIXED = {0x1: 0, 0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8,
          0x40: 8, 0x48: 16}  # fmt: skip
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x0102
_INTERFACE = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage
_STORAGE = bytes.fromhex("0b00000000000000c000000000000046")  # IID_IStorage


class PackedFile(msgspec.Struct, frozen=True):
    """A file of the package, under the name that it had."""

    name: str
    content: bytes


class Unpacked(msgspec.Struct, frozen=True):
    """What the package holds. `text`, `html` and `rtf` are empty where it has none."""

    text: str
    html: str
    rtf: bytes
    files: tuple[PackedFile, ...]


class _Message(msgspec.Struct):
    page: str = "cp1252"
    text: str = ""
    html: str = ""
    rtf: bytes = b""
    files: list["_File"] = []


class _File(msgspec.Struct):
    title: str = ""
    long: str = ""
    content: bytes = b""


def unpacked(raw: bytes, note: Note, depth: int = 0) -> Unpacked | None:
    """The content of the package; None if it is broken, so that it is kept as it is."""
    message = _Message()
    try:
        for level, kind, data in _attributes(raw):
            _take(message, level, kind, data)
        rtf = compressed_rtf.decompressed(message.rtf) if message.rtf else b""
    except (struct.error, ValueError):
        note("The winmail.dat is broken; it was kept as it is.")
        return None
    files: list[PackedFile] = []
    for number, one in enumerate(message.files, start=1):
        name = one.long or one.title or f"attachment-{number}.bin"
        files += _unpacked_file(PackedFile(name, one.content), note, depth)
    if not (files or message.text or message.html or rtf):
        note("The winmail.dat is empty.")
        return None
    return Unpacked(message.text, message.html, rtf, tuple(files))


def _unpacked_file(file: PackedFile, note: Note, depth: int) -> list[PackedFile]:
    """The file; of a message in the message, its text and its files."""
    inner = None
    if file.content.startswith(SIGNATURE) and depth < _DEEPEST:
        inner = unpacked(file.content, note, depth + 1)
    if inner is None:
        return [file]
    texts = [("txt", inner.text.encode()), ("html", inner.html.encode()), ("rtf", inner.rtf)]
    first = next(((ending, text) for ending, text in texts if text), None)
    own = [PackedFile(f"{file.name}.{first[0]}", first[1])] if first else []
    return [*own, *inner.files]


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    if not raw.startswith(SIGNATURE):
        raise ValueError("no package")
    at = 6
    for _ in range(_MOST_ATTRIBUTES):
        if at + 9 > len(raw):
            return
        level, kind, _, length = struct.unpack_from("<BHHI", raw, at)
        data = raw[at + 9 : at + 9 + length]
        if level not in (1, 2):
            return  # some programs add bytes at the end
        if len(data) < length:
            raise ValueError("cut off")
        yield level, kind, data
        at += 9 + length + 2
    raise ValueError("more attributes than a message has")


def _take(message: _Message, level: int, kind: int, data: bytes) -> None:
    if kind == _CODE_PAGE:
        page = struct.unpack_from("<I", data)[0]
        message.page = "utf-8" if page == 65001 else f"cp{page}"
    elif kind == _BODY and level == 1:
        message.text = message.text or _text(data, message.page)
    elif kind == _PROPERTIES and level == 1:
        _take_message(message, data)
    elif kind == _ATTACH_REND and len(message.files) < _MOST_FILES:
        message.files.append(_File())
    elif kind in (_ATTACH_TITLE, _ATTACH_DATA, _ATTACHMENT) and level == 2:
        if not message.files:
            message.files.append(_File())
        _take_file(message.files[-1], kind, data, message.page)


def _take_message(message: _Message, data: bytes) -> None:
    page = ""
    for name, kind, value in _properties(data):
        if name == _P_PAGE and len(value) >= 4:
            page = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == _P_BODY:
            message.text = _of(kind, value, message.page)
        elif name == _P_HTML:
            message.html = _of(kind, value, page or message.page)
        elif name == _P_RTF:
            message.rtf = value


def _take_file(file: _File, kind: int, data: bytes, page: str) -> None:
    if kind == _ATTACH_TITLE:
        file.title = file.title or _text(data, page)
    elif kind == _ATTACH_DATA:
        file.content = data
    else:
        for name, type_of, value in _properties(data):
            if name == _P_LONG_NAME:
                file.long = _of(type_of, value, page)
            elif name in (_P_SHORT_NAME, _P_NAME):
                file.title = file.title or _of(type_of, value, page)
            elif name == _P_DATA and type_of in (_OBJECT, _BINARY):
                file.content = value[16:] if value[:16] in (_INTERFACE, _STORAGE) else value


def _of(kind: int, value: bytes, page: str) -> str:
    return _text(value, "utf-16-le" if kind == _UNICODE else page)


def _text(raw: bytes, page: str) -> str:
    raw = raw.rstrip(b"\0")
    if page == "utf-16-le" and len(raw) % 2:
        raw += b"\0"
    return charset.decode(raw, page, charset.unnoted)


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The name, type and first value of each property."""
    count = struct.unpack_from("<I", data)[0]
    at = 4
    if count > _MOST_ATTRIBUTES:
        raise ValueError("more properties than a message has")
    for _ in range(count):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            named_by_text, length = struct.unpack_from("<II", data, at + 16)
            at += 24 + (_padded(length) if named_by_text else 0)
        values, at = _values(data, at, kind)
        yield name, kind & ~0x1000, values[0] if values else b""


def _values(data: bytes, at: int, kind: int) -> tuple[list[bytes], int]:
    single = kind & ~0x1000
    many = struct.unpack_from("<I", data, at)[0] if kind & 0x1000 else 1
    at += 4 if kind & 0x1000 else 0
    values: list[bytes] = []
    if many > _MOST_ATTRIBUTES:
        raise ValueError("more values than a property has")
    for _ in range(many):
        if single in _FIXED:
            length, padded = _FIXED[single], _FIXED[single]
            if kind & 0x1000 and single in (0x2, 0xB):
                padded = 2
        elif single in (_STRING, _UNICODE, _OBJECT, _BINARY):
            at += 0 if kind & 0x1000 else 4
            length = struct.unpack_from("<I", data, at)[0]
            at, padded = at + 4, _padded(length)
        else:
            raise ValueError("unknown type")
        if at + length > len(data):
            raise ValueError("cut off")
        values.append(data[at : at + length])
        at += padded
    return values, at + (2 if kind & 0x1000 and single in (0x2, 0xB) and many % 2 else 0)


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4
