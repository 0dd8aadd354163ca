"""The account of a case at a time: approvals, work, and how the work counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from case_definition.lookup.reference import Reference
from case_definition.rules.booking import billing_of
from case_definition.rules.ledger import Ledger, fold_ledger
from case_definition.rules.variables import parties_of, rule_variables
from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
from case_events.contracts.base import Event, label_of
from case_events.contracts.cases import AgreementApplied
from case_events.contracts.work import WorkCorrected, WorkLogged
from case_events.envelope import SYSTEM
from case_events.wire.codec import read_data
from msgspec import Struct
from msgspec.structs import replace

from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import HistoryEntry

ON_ACCOUNT: Final = frozenset(
    label_of(event)
    for event in (
        ApprovalDeclined,
        ApprovalGranted,
        ApprovalRequested,
        WorkCorrected,
        WorkLogged,
    )
)
"""The labels of the events of an account."""
APPLIED: Final = label_of(AgreementApplied)


class Rate(Struct, frozen=True):
    """How work of a kind would count now: billable or not, and by which rule."""

    kind: str
    unit: str
    surcharged: bool
    billable: bool
    why: str


class WorkAccount(Struct, frozen=True, kw_only=True):
    """The account, the entries of the history from which it is made, and the rates."""

    ledger: Ledger
    entries: tuple[tuple[HistoryEntry, Event], ...] = ()
    rates: tuple[Rate, ...] = ()


def has_account(case: OpenCase) -> bool:
    """Whether the case has an account, or can have one."""
    document, case_type = case.definition.document, case.view.case_type
    if case.view.ledger != Ledger() or (document.work and document.work.is_for(case_type)):
        return True
    return any(approval.is_for(case_type) for approval in document.approvals)


def account_of(
    entries: Sequence[HistoryEntry], reference: Reference, case: OpenCase, at: datetime
) -> WorkAccount:
    """The account as known at a time, from all entries of the history. Everybody who sees the case
    may see it."""
    known = [entry for entry in entries if entry.recorded_at <= at]
    events = tuple(
        (entry, read_data(entry.ce_type, entry.what)) for entry in known if entry.type in ON_ACCOUNT
    )
    ledger = Ledger()
    for _, event in events:
        ledger = fold_ledger(ledger, event)
    return WorkAccount(
        ledger=ledger, entries=events, rates=tuple(_rates(case, ledger, known, reference, at))
    )


def _agreement(entries: Sequence[HistoryEntry]) -> str:
    """The agreement that was applied last."""
    applied = [entry.what["agreement"] for entry in entries if entry.type == APPLIED]
    return str(applied[-1]) if applied else ""


def _rates(
    case: OpenCase,
    ledger: Ledger,
    known: Sequence[HistoryEntry],
    reference: Reference,
    at: datetime,
) -> Iterator[Rate]:
    """How work of each kind would count if it were booked at a time. A checked definition reads
    neither the person nor the amount."""
    terms, definition = case.definition.document.work, case.definition
    if terms is None or not terms.is_for(case.view.case_type):
        return
    view = replace(case.view, ledger=ledger, agreement=_agreement(known))
    parties = parties_of(view, SYSTEM, view.tenant, reference)
    for kind in terms.kinds:
        if kind.is_for(view.case_type):
            event = {"type": label_of(WorkLogged), "kind": kind.name}
            asked = rule_variables(view, parties, definition, event=event, now=at)
            billing = billing_of(definition, asked)
            surcharged = kind.surcharged and kind.unit == "hours"
            yield Rate(kind.name, kind.unit, surcharged, billing.billable, billing.name)
