"""The returned mail in a report: the addresses that failed, and the ids by which it is found."""

import re
from collections.abc import Iterable, Iterator

from case_intake.domain.mail import charset, transfer
from case_intake.domain.mail.message import Headers
from case_intake.domain.mail.parts import MimePart, walk

MOST_IDS = 20
_LONGEST = 100_000
_LOCAL = r"(?:\"[^\"\s]{1,64}\"|[^\s<>@:;,\"()\[\]]{1,64})"
_ADDRESS = re.compile(rf"{_LOCAL}@[^\s<>@:;,\"()\[\]]{{1,255}}")
_AT_START = re.compile(
    rf"[ \t]{{0,20}}(?:\(?\d{{1,3}}\)?[ \t])?(?:to:?[ \t]*)?<?({_ADDRESS.pattern})>?"
    r"(?=[ \t]{0,20}(?:$|[:(\[]|\.\.\.|\s{2,}|(?:on|by|-|=)\s))",
    re.IGNORECASE,
)
_SPOKEN_TO = re.compile(
    r"(?:rcpt[ \t]to[ \t]?:|recipients?[^\n@<]{0,80}:?|"
    r"(?:mail|message|e-?mail|deliver[a-z]{0,10})[ \t]"
    rf"[^\n@<]{{0,40}}to|address(?:es)?[^\n@<]{{0,60}}:?)[ \t]*<?({_ADDRESS.pattern})>?",
    re.IGNORECASE,
)
_ID_LINE = re.compile(
    r"(?im)^[>|\t ]{0,4}(?:x-)?(?:original-)?(?:message-id|in-reply-to|reply-to|return-path|"
    r"references|resent-message-id|original-envelope-id)[ \t]?:[ \t]*"
    r"(.{1,2000}(?:\n[ \t].{1,1000})?)"
)
_ID = re.compile(r"[^\s<>@\"()]{1,250}@[^\s<>@\"()]{1,250}")


def addresses_in(text: str) -> list[str]:
    """Every address in a text, in order."""
    return [found.rstrip(".'’`*|=") for found in _ADDRESS.findall(text)]


def failed_addresses(text: str, own: Iterable[str]) -> list[str]:
    """The addresses of which a report in free form says that they failed. `own` are those to and
    from which the report itself was sent."""
    others = frozenset(address.lower() for address in own)
    ways: tuple[Iterator[str], ...] = (
        (match[1] for line in text.split("\n") if (match := _AT_START.match(line[:1000]))),
        (match[1] for match in _SPOKEN_TO.finditer(text)),
        iter(addresses_in(text)),
    )
    for way in ways:
        found = [one for one in (each.rstrip(".'’`*") for each in way) if one.lower() not in others]
        if found:
            return found
    return []


def returned_ids(fields: Headers, root: MimePart, text: str) -> tuple[str, ...]:
    """The Message-IDs and addresses in the headers of the returned mail, wherever the report has
    them; the report's own answered ids come last."""
    found: list[str] = []
    for source in (*_enclosed(root), text[:_LONGEST]):
        for line in _ID_LINE.findall(source):
            found += _ID.findall(line)
    for name in ("In-Reply-To", "References"):
        for value in fields.all(name):
            found += _ID.findall(value)
    return tuple(dict.fromkeys(found))[:MOST_IDS]


def _enclosed(root: MimePart) -> Iterator[str]:
    for part in walk(root):
        if part.kind.startswith("message/") or part.kind == "text/rfc822-headers":
            yield text_in(part)


def text_in(part: MimePart) -> str:
    """The beginning of a part of a report as text. The part is stored as an attachment, where its
    problems are noted."""
    raw = transfer.body_of(part, charset.unnoted)[:_LONGEST]
    return charset.cleaned(charset.decode(raw, None, charset.unnoted))
