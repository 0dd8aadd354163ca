"""The values of header fields: dates and message ids."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from case_intake.domain.mail import charset
from case_intake.domain.mail.charset import Note
from case_intake.domain.mail.message import Headers

MOST_REFERENCES = 200


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
