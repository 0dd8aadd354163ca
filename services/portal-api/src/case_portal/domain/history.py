"""How an event of the history becomes an entry that people read."""

from typing import Any

import msgspec
from case_events.contracts import notices, people, sla
from case_events.contracts.base import Event
from case_events.contracts.cases import AgreementApplied, CommentAdded, StatusChanged
from case_events.contracts.parts import Attachment, Words
from case_events.envelope import Record

from case_portal.domain.view import Entry, File, Who

MACHINERY = (
    sla.ClockFact,
    sla.TimerFired,
    people.ConsultationAnswered,
    people.ConsultationRequested,
    notices.Notice,
    AgreementApplied,
)
"""Facts about how the desk works, which contacts are not shown."""

NOT_SHOWN = ("personal", "attachments", "raw", "message_id")


def is_internal(event: Event) -> bool:
    """Whether only agents and auditors may see this event."""
    if isinstance(event, CommentAdded):
        return not event.public
    return isinstance(event, MACHINERY)


def entry_of(record: Record) -> Entry:
    """The entry of a record of the case history."""
    event = record.data
    words = getattr(event, "personal", None)
    written = words if isinstance(words, Words) else Words()
    changed = event if isinstance(event, StatusChanged) else None
    return Entry(
        version=record.version,
        type=type(event).__name__,
        at=record.occurred_at,
        recorded_at=record.recorded_at,
        who=who_of(record),
        channel=record.channel,
        internal=is_internal(event),
        definition=record.definition,
        record=record.id,
        causation=record.causation,
        before=changed.previous if changed else "",
        after=changed.status if changed else "",
        text=written.text,
        author=written.author.name or written.author.address,
        files=files_of(record),
        what=_what(event),
    )


def who_of(record: Record) -> Who:
    """Who did it."""
    return Who(record.actor.kind, record.actor.id, record.actor.capacity)


def files_of(record: Record) -> tuple[File, ...]:
    """The attachments that a record brought, under the names that their sender gave them."""
    event = record.data
    attachments: tuple[Attachment, ...] = getattr(event, "attachments", ())
    words = getattr(event, "personal", None)
    names = words.file_names if isinstance(words, Words) else ()
    return tuple(
        File(
            sha256=attachment.sha256,
            name=names[place] if place < len(names) and names[place] else f"file-{place + 1}",
            size=attachment.size,
            type=attachment.type,
            version=record.version,
            internal=is_internal(event),
        )
        for place, attachment in enumerate(attachments)
    )


def _what(event: Event) -> dict[str, Any]:
    """The rest of the data, as it travels: no texts, and no keys of other stores."""
    told: dict[str, Any] = msgspec.to_builtins(event)
    return {name: value for name, value in told.items() if name not in NOT_SHOWN}
