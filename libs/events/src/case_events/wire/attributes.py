"""The CloudEvents attributes of a record (binary mode), as Kafka headers."""

from datetime import datetime
from uuid import UUID

import msgspec

from case_events.envelope import Record
from case_events.wire.versions import demands

_EVERY_RECORD = {"ce_specversion": "1.0", "content-type": "application/json"}


class _Attributes(
    msgspec.Struct, kw_only=True, omit_defaults=True, rename=lambda name: f"ce_{name}"
):
    """The attributes that differ. msgspec turns ids and times into text faster than Python does."""

    id: UUID
    type: str
    source: str
    time: datetime
    tenant: str
    sequence: str
    correlation: UUID
    case: UUID | None = None
    causation: UUID | None = None
    version: str = ""


def attributes_of(record: Record, sequence: int, topic: str) -> dict[str, str]:
    """Return the headers of a record at its position in the log of its source, not signed yet."""
    own: dict[str, str] = msgspec.to_builtins(
        _Attributes(
            id=record.id,
            type=record.type,
            source=record.source,
            time=record.recorded_at,
            tenant=record.tenant,
            sequence=str(sequence),
            correlation=record.correlation,
            case=record.case,
            causation=record.causation,
            version=str(record.version) if record.version else "",
        )
    )
    return {**_EVERY_RECORD, **own, **demands(record.data, topic)}
