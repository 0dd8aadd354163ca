"""Separates the text of a mail from its attachments."""

import msgspec

from case_intake.domain.mail import charset, filenames, html, transfer
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.parts import MimePart

_TEXT = ("text/plain", "text/html", "text/enriched", "text/x-markdown")


class Content(msgspec.Struct, frozen=True):
    """The text of a message, and its attachments with their bytes."""

    text: str
    attachments: tuple[tuple[MimePart, bytes], ...]


def content_of(root: MimePart, note: Note) -> Content:
    """The content of a tree of parts. Among alternatives, plain text is preferred unless it is
    blank."""
    texts: list[str] = []
    attachments: list[MimePart] = []
    _collect(root, texts, attachments, note)
    text = "\n\n".join(kept for one in texts if (kept := one.strip("\n")).strip())
    files = tuple((part, _bytes(part, note)) for part in attachments)
    return Content(text, files)


def _bytes(part: MimePart, note: Note) -> bytes:
    return transfer.undone(part.body, part.headers.first("content-transfer-encoding"), note)


def _collect(part: MimePart, texts: list[str], attachments: list[MimePart], note: Note) -> None:
    if part.kind == "multipart/alternative":
        _collect_best(part, texts, attachments, note)
    elif part.children:
        for child in part.children:
            _collect(child, texts, attachments, note)
    elif _is_text(part, note):
        texts.append(_text(part, note))
    elif part.body.strip() or not part.kind.startswith("multipart/"):
        attachments.append(part)


def _collect_best(
    part: MimePart, texts: list[str], attachments: list[MimePart], note: Note
) -> None:
    best: list[str] = []
    best_is_plain = False
    for child in part.children:
        found: list[str] = []
        _collect(child, found, attachments, note)
        is_plain = child.kind == "text/plain"
        if any(text.strip() for text in found) and not best_is_plain:
            best, best_is_plain = found, is_plain
    texts.extend(best)


def _is_text(part: MimePart, note: Note) -> bool:
    if part.kind not in _TEXT or part.disposition == "attachment":
        return False
    return not filenames.given_name(part.headers, note)


def _text(part: MimePart, note: Note) -> str:
    raw = _bytes(part, note)
    if b"\0" in raw and not part.parameters.get("charset", "").lower().startswith("utf-16"):
        note("The text holds NUL bytes; they were left out.")
    text = charset.cleaned(charset.decode(raw, part.parameters.get("charset"), note))
    if part.kind == "text/html":
        return html.text_of(text, note)
    if part.parameters.get("format", "").lower() == "flowed":
        return unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
    return text


def unflowed(text: str, delete_space: bool) -> str:
    """Text of format=flowed (RFC 3676) with its soft line breaks undone."""
    lines: list[str] = []
    paragraph: list[str] = []
    depth = -1
    for line in text.split("\n"):
        body = line.lstrip(">")
        new_depth = len(line) - len(body)
        body = body.removeprefix(" ")
        is_soft = body.endswith(" ") and body != "-- "
        if paragraph and (new_depth != depth or body == "-- "):
            lines.append(_quoted(paragraph, depth))
            paragraph = []
        depth = new_depth
        paragraph.append(body[:-1] if is_soft and delete_space else body)
        if not is_soft:
            lines.append(_quoted(paragraph, depth))
            paragraph = []
    if paragraph:
        lines.append(_quoted(paragraph, depth))
    return "\n".join(lines)


def _quoted(paragraph: list[str], depth: int) -> str:
    return (">" * depth + " " if depth else "") + "".join(paragraph)
