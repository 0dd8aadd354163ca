"""The changes in the life of a case that reports count: solved, closed, reopened."""

from datetime import datetime
from typing import Literal

from case_events.envelope import Record
from msgspec import Struct

from case_portal.read_model.view import CaseView

Turned = Literal["solved", "closed", "reopened"]
ENDED = ("solved", "closed")
"""After these changes a case is no longer open."""


class Turn(Struct, frozen=True, kw_only=True):
    """One change of a case, and its time."""

    kind: Turned
    at: datetime


def turn_of(before: CaseView, after: CaseView, record: Record) -> Turn | None:
    """The change of a case; None if it continues as it was."""
    kinds = (before.status_kind, after.status_kind)
    if kinds[0] == kinds[1]:
        return None
    match kinds:
        case (_, "final"):
            return Turn(kind="closed", at=record.occurred_at)
        case (_, "resolved"):
            return Turn(kind="solved", at=record.occurred_at)
        case ("resolved" | "final", _):
            return Turn(kind="reopened", at=record.occurred_at)
    return None
