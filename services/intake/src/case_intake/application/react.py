"""Intake's reaction: it remembers the cases there are, and answers nothing by itself."""

from datetime import datetime

from case_events.contracts.intake import CaseCreated
from case_events.envelope import Record
from case_events.kernel import Outcome, Reference
from msgspec import Struct


class CaseKnown(Struct, frozen=True):
    """Which case it is, as its history says."""

    tenant: str = ""
    reference: str = ""
    customer: str = ""
    contact: str = ""


def react(
    memory: CaseKnown | None, record: Record, reference: Reference, at: datetime
) -> Outcome[CaseKnown]:
    """Remember a case when its history begins."""
    match record.data:
        case CaseCreated() as created:
            known = CaseKnown(record.tenant, created.reference, created.customer, created.contact)
            return Outcome(memory=known)
        case _:
            return Outcome(memory=memory or CaseKnown(tenant=record.tenant))
