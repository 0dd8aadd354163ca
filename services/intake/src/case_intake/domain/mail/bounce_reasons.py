"""Why a mail did not arrive: status codes (RFC 3463), and whether the address is dead."""

import re

from case_intake.domain.mail.machine_words import WORDS, any_of

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(
    r"(?:^|[\s:(<\[>])(?:(?:smtp|said|error|code|reply)[:; ]{0,3})?([45])\d\d"
    r"(?=(?:[ -]| - )(?:[^\d\s-]|\d\.))",
    re.IGNORECASE | re.MULTILINE,
)
_HARD, _SOFT = any_of(WORDS.bounces.hard), any_of(WORDS.bounces.soft)
_DEAD = frozenset(
    ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.1.351", "5.4.4")
)
"""The statuses of a mailbox or host that is not there, has moved, or never takes mail."""
_GENERIC = re.compile(r"5\.(?:0\.\d+|1\.0|2\.[01]|3\.[02]|4\.[01]|7\.[01]|5\.[02]|1\.5)")
"""The statuses that servers give for any reason, so that the words decide."""


def status_in(text: str) -> str | None:
    """The first enhanced status code of a failure in a text."""
    return next((found for found in _STATUS.findall(text) if found[0] in "45"), None)


def reply_status(text: str) -> str | None:
    """The class of the first SMTP reply of a failure in a text, as a status: `5.0.0`."""
    found = _REPLY.search(text)
    return f"{found[1]}.0.0" if found else None


def is_hard(status: str | None, reason: str) -> bool:
    """Whether the address is dead, so that no mail to it can ever arrive.

    A mail that was refused for its size, its content or its sender, or at a bad moment, leaves the
    address alive, whatever the class of the status.
    """
    if status is not None and not status.startswith("5"):
        return False
    words = reason.lower()
    if status is not None and not _GENERIC.fullmatch(status):
        return status in _DEAD
    return _HARD.search(words) is not None and _SOFT.search(words) is None
