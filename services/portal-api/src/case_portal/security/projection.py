"""The document of an event of the security log."""

import msgspec
from case_events.contracts.base import label_of
from case_events.contracts.security import SecurityEvent
from case_events.envelope import Record
from case_events.kernel import Document

from case_portal.read_model.view import ActorView
from case_portal.security.ports import SecurityView


def security_document(record: Record, event: SecurityEvent) -> Document:
    """The event, for administrators to read."""
    members = {
        name: getattr(event, name)
        for name in ("change", "person_kind", "person", "name", "what", "reference")
        if hasattr(event, name)
    }
    view = SecurityView(
        id=record.id,
        tenant=record.tenant,
        at=record.occurred_at,
        type=label_of(event),  # type: ignore[arg-type]  # the labels of this topic
        who=ActorView(record.actor.kind, record.actor.id, record.actor.capacity),
        channel=record.channel,
        outcome=event.outcome,
        reason=event.reason,
        address=event.personal.address,
        program=event.personal.program,
        **members,
    )
    return Document(f"security:{record.id}", msgspec.json.encode(view))
