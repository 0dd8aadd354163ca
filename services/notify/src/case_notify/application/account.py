"""The values that mails name about approvals and work: amounts in words, and the current
account."""

from case_definition.schema.amounts import in_words
from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
from case_events.contracts.work import WorkEntry

from case_notify.application.situation import Situation
from case_notify.domain.wording import billed


def approval_values(
    situation: Situation,
    event: ApprovalRequested | ApprovalGranted | ApprovalDeclined,
    language: str,
) -> dict[str, str]:
    """The values of a mail about an approval. A declined approval shows the requested amount."""
    asked = situation.state.ledger.requests.get(event.request)
    minutes = asked.minutes if asked and isinstance(event, ApprovalDeclined) else 0
    values = _account(situation, event.approval, getattr(event, "minutes", minutes), language)
    if isinstance(event, ApprovalRequested):
        # Without an estimate, the requested amount is the only known one.
        amount = event.estimate or event.minutes
        values["estimate"] = _amount(situation, amount, event.approval, language)
    return values


def work_values(situation: Situation, event: WorkEntry, language: str) -> dict[str, str]:
    """The values of a mail about an entry of work."""
    definition = situation.definition
    free = sum(part.minutes for part in event.parts if part.free)
    surcharges = [
        f"{in_words(part.minutes, language)} +{part.surcharge}%"
        for part in event.parts
        if part.surcharge
    ]
    return {
        **_account(situation, event.approval, event.minutes, language),
        "kind": definition.name_of("work_kinds", event.kind, language),
        "billing": billed(event.billable, language),
        "why": definition.name_of("billing", event.why, language),
        "free": in_words(free, language),
        "surcharges": ", ".join(surcharges),
    }


def _account(situation: Situation, approval: str, minutes: int, language: str) -> dict[str, str]:
    """The amount, and the account of the approval; without an approval, the account of all
    approvals."""
    ledger = situation.state.ledger
    granted = ledger.granted.get(approval, 0) if approval else ledger.approved_minutes
    left = ledger.left(approval) if approval else ledger.left_minutes
    amounts = {"amount": minutes, "granted": granted, "used": granted - left, "left": left}
    values = {
        name: _amount(situation, amount, approval, language) for name, amount in amounts.items()
    }
    named = situation.definition.name_of("approvals", approval, language) if approval else ""
    return {"approval": named, **values}


def _amount(situation: Situation, minutes: int, approval: str, language: str) -> str:
    definition = situation.definition
    known = definition.approvals.get(approval)
    in_days = known is not None and known.unit == "working_days"
    return in_words(minutes, language, definition.working_day if in_days else 0)
