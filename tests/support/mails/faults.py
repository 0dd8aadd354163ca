"""What must hold of the reading of any mail: no crash, no hang, no part lost."""

import re
import time
from collections.abc import Iterator

import msgspec
from case_intake.domain.mail import ParsedMail, charset, headers, parts, read, transfer
from case_intake.domain.mail.parts import MimePart

MAX_SECONDS = 2.0
"""The processor time for one mail at most, in seconds."""

_MARK = re.compile(rb"mark\d+zq")
# In these, letters are not the bytes that stand for them.
_SHIFTS = re.compile(rb"\x1b|~\{|[\x0e\x0f]|\0")
_SHIFTING = re.compile(r"utf-?(?:7|16|32).*|hz.*|unicode.*|.*2022.*", re.IGNORECASE)
_HIDES = re.compile(
    r"<!|<\?|<(?:script|style|head|title|textarea|select|noscript|xmp|plaintext)|display:",
    re.IGNORECASE,
)


def faults(raw: bytes) -> tuple[list[str], float]:
    """The faults in the reading of a mail, and its processor time in seconds."""
    began = time.process_time()
    read(raw)
    took = time.process_time() - began
    slow = [f"it took {took:.1f} s"] if took > MAX_SECONDS else []
    return [*slow, *lost(raw)], took


def lost(raw: bytes) -> Iterator[str]:
    """What is lost of a mail: in the stored form of its reading, or the marks of leaf parts that
    are neither in the text nor in a file or its name."""
    reading = read(raw)
    encoded = msgspec.json.encode(reading.mail)
    if msgspec.json.decode(encoded, type=ParsedMail) != reading.mail or b"\\u0000" in encoded:
        yield "it is not the same after storing"
    if len(reading.contents) != len(reading.mail.attachments):
        yield "files and their contents differ in number"
    names = (one.name for one in reading.mail.attachments)
    shown = "\n".join((reading.mail.text, *names)).encode()
    declared = charset.declared_in(raw)
    fields, body = headers.of_message(raw, _unsaid, declared)
    for leaf in _leaves(parts.tree(fields, body, _unsaid, declared)):
        encoding = leaf.headers.first("content-transfer-encoding")
        content = transfer.undone(leaf.body, encoding, _unsaid)
        for mark in set(_MARK.findall(content)):
            kept = mark in shown or any(mark in one for one in reading.contents)
            if not kept and not _is_hidden(leaf, content, mark):
                yield f"{mark.decode()} of a part {leaf.kind} is lost"


def _leaves(part: MimePart) -> Iterator[MimePart]:
    if part.kind == "multipart/alternative":
        return  # one of several is shown
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _is_hidden(leaf: MimePart, content: bytes, mark: bytes) -> bool:
    """Whether the mark is no word of the text: inside a tag, or part of other letters."""
    if _SHIFTS.search(content) or _SHIFTING.fullmatch(leaf.parameters.get("charset", "")):
        return True
    before = content[: content.find(mark)].decode("latin-1")
    if before[-1:] > "\x7f":
        return True  # in a guessed charset, the letter may be half of another
    is_in_tag = before.rfind("<") > before.rfind(">")
    return leaf.kind == "text/html" and (is_in_tag or _HIDES.search(before) is not None)


def _unsaid(_: str) -> None:
    """The reading notes it too."""
