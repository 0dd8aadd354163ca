"""Converts an event of the history to an entry that people read."""

from typing import Any

import msgspec
from case_events.contracts.base import Event, audience_of, type_name
from case_events.contracts.cases import StatusChanged
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.contracts.upcasting import upcast
from case_events.envelope import Record
from msgspec.structs import replace

from case_portal.read_model.view import ActorView, CaseFile, HistoryEntry

NAMING = ("case", "reference", "origin")
"""The members of an event that name another case."""
NOT_SHOWN = ("personal", "attachments", "raw", "message_id", "copied")


def is_internal(event: Event) -> bool:
    """Whether only agents and auditors may see this event."""
    return audience_of(event) == "desk"


def entry_of(record: Record) -> HistoryEntry:
    """The entry of a record of the case history."""
    event = record.data
    words = getattr(event, "personal", None)
    written = words if isinstance(words, WrittenContent) else WrittenContent()
    changed = event if isinstance(event, StatusChanged) else None
    brings_files = isinstance(event, CaseCreated) or bool(getattr(event, "attachments", ()))
    return HistoryEntry(
        version=record.version,
        ce_type=type_name(event),
        at=record.occurred_at,
        recorded_at=record.recorded_at,
        who=who_of(record),
        channel=record.channel,
        internal=audience_of(event) == "desk",
        definition=record.definition,
        record=record.id,
        causation=record.causation,
        before=changed.previous if changed else "",
        after=changed.status if changed else "",
        text=_with_copied(event, written) if isinstance(event, CaseCreated) else written.text,
        author=written.author.name or written.author.address,
        files=files_of(record) if brings_files else (),
        what=_what(event),
    )


def read_entry(document: Any) -> HistoryEntry:
    """A stored entry, with its event upcast to the newest version."""
    entry = msgspec.convert(document, HistoryEntry)
    ce_type, what = upcast(entry.ce_type, entry.what)
    return replace(entry, ce_type=ce_type, what=what)


def _with_copied(event: CaseCreated, written: WrittenContent) -> str:
    """The text that a person wrote. A case that begins with comments of another case shows the
    author of each."""
    told = [written.text] if written.text.strip() else []
    for comment in event.copied:
        author = comment.personal.author
        who = author.name or author.address
        told.append(f"{who}:\n{comment.personal.text}" if who else comment.personal.text)
    return "\n\n".join(told) if event.copied else written.text


def who_of(record: Record) -> ActorView:
    """The actor of the record."""
    return ActorView(record.actor.kind, record.actor.id, record.actor.capacity)


def files_of(record: Record) -> tuple[CaseFile, ...]:
    """The attachments of a record, under the names that their sender gave them."""
    event = record.data
    attachments: tuple[Attachment, ...] = getattr(event, "attachments", ())
    words = getattr(event, "personal", None)
    names = words.file_names if isinstance(words, WrittenContent) else ()
    for comment in event.copied if isinstance(event, CaseCreated) else ():
        names = (*_named(names, len(attachments)), *comment.personal.file_names)
        attachments = (*attachments, *comment.attachments)
    return tuple(
        CaseFile(
            sha256=attachment.sha256,
            name=names[place] if place < len(names) and names[place] else f"file-{place + 1}",
            size=attachment.size,
            type=attachment.type,
            version=record.version,
            internal=is_internal(event),
        )
        for place, attachment in enumerate(attachments)
    )


def _named(names: tuple[str, ...], files: int) -> tuple[str, ...]:
    return (*names[:files], *("" for _ in range(files - len(names))))


def _what(event: Event) -> dict[str, Any]:
    """The rest of the data, as on the wire, without texts and without keys of other stores."""
    told: dict[str, Any] = msgspec.to_builtins(event)
    return {name: value for name, value in told.items() if name not in NOT_SHOWN}


def names_another(what: dict[str, object]) -> str:
    """The reference of the other case in an entry; empty if it names none."""
    if "case" in what:
        return str(what.get("reference", ""))
    origin = what.get("origin")
    return str(origin.get("reference", "")) if isinstance(origin, dict) else ""
