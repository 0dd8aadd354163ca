"""The contracts of every topic. Importing this package registers them all."""

from case_events.contracts import (
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
)
from case_events.contracts.base import Event, contract, event_class, every_contract, type_name

__all__ = [
    "Event",
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
]
