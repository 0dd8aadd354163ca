"""The new part of a mail: its text without quotes and without a signature.

mail-parser-reply, email-reply-parser and quotequail were tried on the same mails. Together they
miss Dutch attributions, cut text after `Met vriendelijke groet` and lose answers between quotes,
and two of the three take quadratic time on hostile input. Text that may be new stays: an extra
quote is a nuisance, a lost sentence is a fault.
"""

import re

from case_intake.domain.mail import markers

_SIGNATURE_LINES = 25
_CLOSING = re.compile(
    r"\s*(?:met (?:vriendelijke|hartelijke) groet(?:en)?|(?:vriendelijke|hartelijke) groet(?:en)?|"
    r"m\.?v\.?g\.?|hoogachtend|groet(?:en|jes)?|(?:kind|best|warm) regards|regards|"
    r"yours (?:sincerely|faithfully)|sincerely|mit freundlichen grüßen|viele grüße|cordialement|"
    r"bien à vous|saludos|cordiali saluti)\s{0,4}[,.]?\s*",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\S{1,80}@\S|(?:https?://|www\.)\S|(?:\+|\(?0)[\d ().\-]{8,20}(?:\D|$)|\b\d{4} ?[A-Z]{2}\b"
)
_PARTICLES = frozenset(
    ("van", "de", "der", "den", "het", "ter", "ten", "te", "von", "und", "of", "en", "and", "the")
) | frozenset(("&", "|", "-", "–", "'t"))
_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|doorst|wg|tr|rv|i)\s?:", re.IGNORECASE)


def reply_of(text: str, subject: str = "") -> str:
    """The new part of `text`. A forwarded mail is new as a whole; so is a mail that consists of
    quotes only."""
    whole = text.strip()
    if _FORWARD_SUBJECT.match(subject):
        return whole
    segments, forwarded = _new_segments(text.split("\n"))
    kept = [_without_signature(lines) for lines in segments]
    if not forwarded:
        kept[-1] = _without_closing(kept[-1])
    filled = [lines for lines in (*kept, forwarded) if any(map(str.strip, lines))]
    joined = "\n".join("\n".join(lines).strip("\n") for lines in filled)
    return _few_blanks(joined).strip() or whole


def _new_segments(lines: list[str]) -> tuple[list[list[str]], list[str]]:
    """Runs of lines that are not quoted, and the lines of a forwarded mail below them."""
    segments: list[list[str]] = [[]]
    at = 0
    while at < len(lines):
        if markers.is_forward_marker(lines[at]):
            return segments, lines[at:]
        if markers.is_quoted(lines[at]):
            if segments[-1]:
                segments.append([])
            at += 1
            continue
        length = _marker(lines, at)
        if not length:
            segments[-1].append(lines[at])
            at += 1
            continue
        at = _next_filled(lines, at + length)
        # Answers may be between marked quotes; an unmarked quote runs to the end.
        if at >= len(lines) or not markers.is_quoted(lines[at]):
            break
    return segments, []


def _marker(lines: list[str], at: int) -> int:
    length = markers.original_marker(lines, at)
    if not length:
        return markers.header_block(lines, at) or markers.attribution(lines, at)
    block_at = _next_filled(lines, at + length)
    block = markers.header_block(lines, block_at) if block_at < len(lines) else 0
    return block_at + block - at if block else length


def _next_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _without_signature(lines: list[str]) -> list[str]:
    lines = [line for line in lines if not markers.is_mobile_footer(line)]
    for at in range(max(0, len(lines) - _SIGNATURE_LINES - 1), len(lines)):
        if lines[at].rstrip() == "--":
            return lines[:at]
    return lines


def _without_closing(lines: list[str]) -> list[str]:
    """The lines without a closing at the end, if certainly nothing but a signature follows it."""
    filled = [at for at in range(len(lines)) if lines[at].strip()]
    for at in reversed(filled[-9:]):
        if _CLOSING.fullmatch(lines[at][: markers.LONGEST]):
            after = [lines[one].strip() for one in filled if one > at]
            return lines[:at] if all(map(_is_signature_line, after)) else lines
    return lines


def _is_signature_line(line: str) -> bool:
    if len(line) > 60 or line.endswith(("?", "!", ":")):
        return False
    if _CONTACT.search(line):
        return not line.endswith(".")
    words = line.replace(",", " ").split()
    return (
        len(words) <= 6
        and not line.endswith(".")
        and all(word in _PARTICLES or word[0].isupper() for word in words)
        and not any(char.isdigit() for char in line)
    )


def _few_blanks(text: str) -> str:
    kept: list[str] = []
    for line in text.split("\n"):
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept)
