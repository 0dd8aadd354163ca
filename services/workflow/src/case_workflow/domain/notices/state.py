"""The last notices of a case, by which a reply or a bounce is matched to its notice."""

from collections.abc import Sequence
from hashlib import sha256

from case_events.contracts.bounces import NoticeBounced, standing_of
from case_events.contracts.notices import NoticeSent
from msgspec import Struct
from msgspec.structs import replace

MAX_NOTICES = 30
"""The most notices in the state of a case."""


class SentNotice(Struct, frozen=True, array_like=True):
    """A notice: a fingerprint of its Message-ID, its name, its recipient and address, the version
    of its cause, and how far it bounced: empty, `delayed`, `soft` or `hard`."""

    fingerprint: str
    notice: str
    recipient: str = ""
    address: str = ""
    about: int = 0
    bounced: str = ""


def fold_sent_notices(
    sent_notices: Sequence[SentNotice], event: NoticeSent | NoticeBounced, version: int
) -> tuple[SentNotice, ...]:
    """The last notices by mail, after one more was sent or bounced."""
    if isinstance(event, NoticeBounced):
        return tuple(
            replace(sent, bounced=standing_of(event)) if _is_of(sent, event) else sent
            for sent in sent_notices
        )
    if not event.message_id or event.channel != "mail":
        return tuple(sent_notices)
    mark, address = fingerprint_of(event.message_id), event.personal.address
    sent = SentNotice(mark, event.notice, event.recipient, address, event.about)
    return (*sent_notices, sent)[-MAX_NOTICES:]


def _is_of(sent: SentNotice, event: NoticeBounced) -> bool:
    return (sent.notice, sent.recipient, sent.about) == (event.notice, event.recipient, event.about)


def answered(sent_notices: Sequence[SentNotice], message_ids: Sequence[str]) -> str:
    """The notice to a contact that is the first message among these; empty if there is none."""
    notices = {
        sent.fingerprint: sent.notice
        for sent in sent_notices
        if sent.recipient.startswith("contact/")
    }
    found = (notices.get(fingerprint_of(one), "") for one in message_ids)
    return next((notice for notice in found if notice), "")


def fingerprint_of(message_id: str) -> str:
    """A fingerprint of a Message-ID. It begins with the mark of the mail in its return address."""
    return sha256(message_id.encode()).hexdigest()[:12]
