"""Which notices a case's contacts were sent last: a reply is known for what it answers."""

from collections.abc import Sequence
from hashlib import sha256

from case_events.contracts.notices import NoticeSent
from msgspec import Struct

MAX_NOTICES = 10
"""So many letters are remembered."""


class SentNotice(Struct, frozen=True, array_like=True):
    """A notice that went out, by a fingerprint of its Message-ID."""

    fingerprint: str
    notice: str


def fold_sent_notices(
    sent_notices: Sequence[SentNotice], event: NoticeSent, version: int
) -> tuple[SentNotice, ...]:
    """The last letters to contacts."""
    if not event.recipient.startswith("contact/") or not event.message_id:
        return tuple(sent_notices)
    return (*sent_notices, SentNotice(_fingerprint(event.message_id), event.notice))[-MAX_NOTICES:]


def answered(sent_notices: Sequence[SentNotice], message_ids: Sequence[str]) -> str:
    """The notice that the first of these messages is that we know; empty where there is none."""
    notices = {letter.fingerprint: letter.notice for letter in sent_notices}
    found = (notices.get(_fingerprint(one), "") for one in message_ids)
    return next((notice for notice in found if notice), "")


def _fingerprint(message_id: str) -> str:
    return sha256(message_id.encode()).hexdigest()[:12]
