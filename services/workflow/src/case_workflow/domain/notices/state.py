"""The last notices to the contacts of a case, by which a reply is matched to its notice."""

from collections.abc import Sequence
from hashlib import sha256

from case_events.contracts.notices import NoticeSent
from msgspec import Struct

MAX_NOTICES = 10
"""The most notices in the state of a case."""


class SentNotice(Struct, frozen=True, array_like=True):
    """The name of a notice, and a fingerprint of its Message-ID."""

    fingerprint: str
    notice: str


def fold_sent_notices(
    sent_notices: Sequence[SentNotice], event: NoticeSent, version: int
) -> tuple[SentNotice, ...]:
    """The last notices to contacts, after one more."""
    if not event.recipient.startswith("contact/") or not event.message_id:
        return tuple(sent_notices)
    return (*sent_notices, SentNotice(_fingerprint(event.message_id), event.notice))[-MAX_NOTICES:]


def answered(sent_notices: Sequence[SentNotice], message_ids: Sequence[str]) -> str:
    """The notice of the first message among these; empty if there is none."""
    notices = {sent.fingerprint: sent.notice for sent in sent_notices}
    found = (notices.get(_fingerprint(one), "") for one in message_ids)
    return next((notice for notice in found if notice), "")


def _fingerprint(message_id: str) -> str:
    return sha256(message_id.encode()).hexdigest()[:12]
