"""Requests to the portal's API about approvals and work."""

from datetime import datetime
from typing import Any

from case_events.contracts.approvals import DeclineApproval, GrantApproval, RequestApproval
from case_events.contracts.work import CorrectWork, LogWork


def approval_form(asked: RequestApproval) -> dict[str, Any]:
    """A request for approval, which takes files."""
    amounts = {"minutes": asked.minutes, "estimate": asked.estimate}
    return {
        "approval": asked.approval, "text": asked.personal.text, "seen": asked.seen, **amounts
    }  # fmt: skip


def grant_body(asked: GrantApproval) -> dict[str, Any]:
    """The body that grants a request."""
    return {"minutes": asked.minutes, "text": asked.personal.text, "seen": asked.seen}


def decline_body(asked: DeclineApproval) -> dict[str, Any]:
    """The body that declines a request."""
    return {"text": asked.personal.text, "seen": asked.seen}


def work_body(asked: LogWork | CorrectWork) -> dict[str, Any]:
    """The body of an entry of work, or of its correction."""
    return {
        "minutes": asked.minutes,
        "kind": asked.kind,
        "began": _written(asked.began),
        "text": asked.personal.text,
        "seen": asked.seen,
    }


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
