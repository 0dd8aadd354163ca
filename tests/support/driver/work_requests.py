"""How the portal's API is asked about approvals and work."""

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
    """An approval."""
    return {"minutes": asked.minutes, "text": asked.personal.text, "seen": asked.seen}


def decline_body(asked: DeclineApproval) -> dict[str, Any]:
    """No approval."""
    return {"text": asked.personal.text, "seen": asked.seen}


def work_body(asked: LogWork | CorrectWork) -> dict[str, Any]:
    """Work, or what it says anew."""
    return {
        "minutes": asked.minutes,
        "kind": asked.kind,
        "began": _written(asked.began),
        "text": asked.personal.text,
        "seen": asked.seen,
    }


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
