"""The links of a case to other cases, as readers see them."""

from uuid import UUID

import msgspec
from case_events.contracts.base import Event
from case_events.contracts.links import (
    CaseLinked,
    CaseMerged,
    CaseUnlinked,
    Direction,
    MergeUndone,
)
from case_events.contracts.parts import LinkKind
from case_events.envelope import Record
from case_events.kernel import Document

from case_portal.read_model.view import LinkView


def link_rows(record: Record) -> tuple[Document, ...]:
    """The documents of a link event. A later document of the same link replaces an earlier one."""
    match record.data:
        case CaseLinked() | CaseUnlinked() as event:
            stands = isinstance(event, CaseLinked)
            return (_row(event.kind, event.direction, event, record, stands),)
        case CaseMerged() | MergeUndone() as event:
            return (_row("merge", "to", event, record, isinstance(event, CaseMerged)),)
        case _:
            return ()


def _row(
    kind: LinkKind, direction: Direction, event: Event, record: Record, stands: bool
) -> Document:
    case: UUID = getattr(event, "case")  # noqa: B009 - all four events have one
    link = LinkView(
        kind=kind,
        direction=direction,
        case=case,
        reference=getattr(event, "reference"),  # noqa: B009
        at=record.occurred_at,
        stands=stands,
    )
    return Document(f"link:{kind}:{direction}:{case}", msgspec.json.encode(link))
