"""Separates the text of a mail from its attachments. Each part goes into one of the two."""

import re
from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from case_intake.domain.mail import charset, filenames, html, tnef, transfer, uuencode
from case_intake.domain.mail.alternatives import Alternative, best, is_blank
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.flowed import unflowed
from case_intake.domain.mail.message import Headers
from case_intake.domain.mail.parts import MimePart

MAX_TEXT = 1_000_000
"""The bytes of text of one mail that are read as text. The rest is in a file."""

_PLAIN = ("text/plain", "text/enriched", "text/x-markdown", "text/markdown")
_TEXT = (*_PLAIN, "text/html")
# Renderings for one program or device, which others do not show.
_HIDDEN_ALTERNATIVES = ("text/x-amp-html", "text/watch-html")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_META = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_EMBEDDED = re.compile(rb"data:[a-z0-9/+.-]{1,60};base64,[A-Za-z0-9+/=\s]{1000,}", re.IGNORECASE)


class Content(msgspec.Struct, frozen=True):
    """The text of a message, and its attachments with their bytes."""

    text: str
    attachments: tuple[tuple[MimePart, bytes], ...]


def content_of(root: MimePart, note: Note, declared: Sequence[str] = ()) -> Content:
    """The content of a tree of parts. `declared` are the charsets that the mail names."""
    collector = _Collector(note, declared)
    texts = collector.collect(root, is_body=True)
    kept = [text for one in texts if not is_blank(text := one.text.strip("\n"))]
    if not kept and not collector.packed:
        collector.files += [_made("message.rtf", "", rtf) for rtf in collector.rtf]
    return Content("\n\n".join(kept or collector.packed), tuple(collector.files))


class _Collector:
    """Collects the files, and gives the texts."""

    def __init__(self, note: Note, declared: Sequence[str]) -> None:
        self.files: list[tuple[MimePart, bytes]] = []
        self.packed: list[str] = []
        self.rtf: list[bytes] = []
        """The texts in winmail.dat, which count where there is no other."""
        self._note, self._declared = note, declared
        self._left = MAX_TEXT

    def collect(self, part: MimePart, *, is_body: bool) -> list[Alternative]:
        """The texts of a part. `is_body` is true until there is a text before it."""
        if part.kind == "multipart/alternative":
            return self._best(part)
        if part.children:
            texts: list[Alternative] = []
            for child in part.children:
                texts += self.collect(child, is_body=is_body and not texts)
            return texts
        if _is_text(part, is_body, self._note):
            return self._text(part)
        if part.body.strip() or not part.kind.startswith("multipart/"):
            self._file(part)
        return []

    def _best(self, part: MimePart) -> list[Alternative]:
        found: list[list[Alternative]] = []
        for child in part.children:
            if child.kind not in _HIDDEN_ALTERNATIVES:
                found.append(self.collect(child, is_body=True))
        chosen, unsaid = best(found)
        for one in unsaid:
            self._note("The alternatives of the text differ; the other one is in a file.")
            ending = "html" if one.is_html else "txt"
            self.files.append(_made(f"message.{ending}", part.kind, one.raw))
        return chosen

    def _file(self, part: MimePart) -> None:
        content = transfer.body_of(part, self._note)
        is_tnef = part.kind in _TNEF or content.startswith(tnef.SIGNATURE)
        unpacked = tnef.unpacked(content, self._note) if is_tnef else None
        if unpacked is None:
            self.files.append((part, content))
            return
        self.files += [_made(one.name, "", one.content) for one in unpacked.files]
        if unpacked.rtf:
            self.rtf.append(unpacked.rtf)
        if unpacked.html:
            self.packed.append(html.text_of(unpacked.html[:MAX_TEXT], self._note))
        elif unpacked.text:
            self.packed.append(charset.cleaned(unpacked.text[:MAX_TEXT]))

    def _text(self, part: MimePart) -> list[Alternative]:
        content = transfer.body_of(part, self._note)
        raw = _EMBEDDED.sub(b"data:,", content) if part.kind == "text/html" else content
        if len(raw) > self._left:
            self._note(f"The text is longer than {MAX_TEXT} bytes; all of it is in a file.")
            self.files.append((part, content))
        raw = raw[: self._left]
        self._left -= len(raw)
        if part.kind == "text/plain":
            raw = self._without_files(raw)
        return [Alternative(self._read(part, raw), raw, part.kind == "text/html")]

    def _without_files(self, raw: bytes) -> bytes:
        pieces: list[bytes] = []
        at = 0
        for file in uuencode.files(raw):
            name = charset.decode(file.name, None, self._note, self._declared)
            self.files.append(_made(name, "", file.content))
            pieces.append(raw[at : file.start])
            at = file.end
        return b"".join([*pieces, raw[at:]])

    def _read(self, part: MimePart, raw: bytes) -> str:
        name = part.parameters.get("charset", "")
        if not name and part.kind == "text/html" and (meta := _META.search(raw[:4096])):
            name = meta[1].decode()
        if b"\0" in raw and not name.lower().startswith(("utf-16", "utf-32", "unicode")):
            self._note("The text holds NUL bytes; they were left out.")
        text = charset.cleaned(charset.decode(raw, name, self._note, self._declared))
        if part.kind == "text/html":
            return html.text_of(text, self._note)
        if part.parameters.get("format", "").lower() == "flowed":
            return unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
        return text


def _is_text(part: MimePart, is_body: bool, note: Note) -> bool:
    if part.kind not in _TEXT:
        return False
    is_named = bool(filenames.given_name(part.headers, note))
    if part.disposition == "attachment":
        return is_body and not is_named
    return is_body or not is_named


def _made(name: str, kind: str, content: bytes) -> tuple[MimePart, bytes]:
    """A file that was not a part of its own."""
    given = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = Headers((("Content-Disposition", given),))
    return MimePart(kind or filenames.type_of(name), {}, headers, b""), content
