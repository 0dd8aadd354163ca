"""The contracts of every topic. Importing this package registers them all."""

from case_events.contracts import (
    approvals,
    cases,
    commands,
    earlier,
    intake,
    messages,
    notices,
    people,
    reference,
    refusals,
    sla,
    work,
)
from case_events.contracts.base import Event, contract, event_class, every_contract, type_name

__all__ = [
    "Event",
    "approvals",
    "cases",
    "commands",
    "contract",
    "earlier",
    "event_class",
    "every_contract",
    "intake",
    "messages",
    "notices",
    "people",
    "reference",
    "refusals",
    "sla",
    "type_name",
    "work",
]
