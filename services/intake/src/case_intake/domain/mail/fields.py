"""The values of header fields: addresses, dates, message ids."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from case_intake.domain.mail import charset, headers
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Address, Headers

MOST_ADDRESSES = 1_000
MOST_REFERENCES = 200
# Possessive repeats: an opening without an end must not be tried in many ways.
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]++|\\.)*+)(?P<end>"?)|\((?P<comment>[^()]*+)\)|<(?P<angle>[^<>,]*+)>?|'
    r'(?P<mark>[,;:])|(?P<plain>[^"(<,;:]++|.)',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def addresses(values: list[str], note: Note) -> tuple[Address, ...]:
    """The mailboxes of one or more address fields; groups are flattened."""
    found: list[Address] = []
    for value in values:
        for address in _mailboxes(value, note):
            if len(found) >= MOST_ADDRESSES:
                note(f"There are more than {MOST_ADDRESSES} addresses; the rest was not read.")
                return tuple(found)
            found.append(address)
    return tuple(found)


def _mailboxes(value: str, note: Note) -> list[Address]:
    found: list[Address] = []
    words: list[str] = []
    comments: list[str] = []
    angle: str | None = None
    for token in _TOKEN.finditer(value + ","):
        if token["quoted"] is not None and not token["end"]:
            return _mailboxes(value.replace('"', " "), note)
        kind, text = token.lastgroup, token[0]
        if kind == "angle" and angle is None:
            angle = token["angle"]
        elif kind == "comment":
            comments.append(token["comment"])
        elif kind == "end":
            quoted = _ESCAPED.sub(r"\1", token["quoted"])
            # A quoted local part keeps its quotes: "jan jansen"@example.org.
            words.append(text if value[token.end() : token.end() + 1] == "@" else quoted)
        elif kind == "mark" and text == ":":
            words = [*words, text] if angle is not None else []
        elif kind == "mark":
            if angle is not None or words:
                found.append(_address(angle, words, comments, note))
            words, comments, angle = [], [], None
        else:
            words.append(text)
    return [address for address in found if address.address or address.name]


def _address(angle: str | None, words: list[str], comments: list[str], note: Note) -> Address:
    text = "".join(words).strip()
    if angle is not None:
        name, address = text, angle
    elif "@" in text:
        name, address = "".join(comments), text
    else:
        name, address = ("", text) if " " not in text else (text, "")
    address = "".join(charset.cleaned(address).split())
    if text and "@" not in address:
        note(f"An address has no @: {charset.printable(text)}.")
    return Address(address, headers.unencoded(name, note).strip("'\" "))


def date(value: str | None, note: Note) -> datetime | None:
    """The time of a Date field in UTC; None, with a note, if it cannot be read."""
    if value is None:
        return None
    try:
        moment = parsedate_to_datetime(value[:200])
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        note(f"The date cannot be read: {charset.printable(value)}.")
        return None


_ID = re.compile(r"<([^<>]+)>")


def message_ids(value: str) -> tuple[str, ...]:
    """The ids in a field like References, without angle brackets or repeats."""
    ids = [("".join(found.split())) for found in _ID.findall(value)]
    if not ids:
        ids = [word.strip("<>,") for word in value.split() if "@" in word]
    unique = tuple(dict.fromkeys(one for one in ids if one))
    # The first names the thread, the last ones its latest mails.
    if len(unique) > MOST_REFERENCES:
        return unique[:1] + unique[-(MOST_REFERENCES - 1) :]
    return unique


def message_id(fields: Headers, note: Note) -> str | None:
    """The message's own id without angle brackets, or None."""
    values = fields.all("message-id")
    if len(set(values)) > 1:
        note("There are several Message-ID fields; the first counts.")
    if not values:
        return None
    return next(iter(message_ids(values[0])), None) or "".join(values[0].split()) or None
