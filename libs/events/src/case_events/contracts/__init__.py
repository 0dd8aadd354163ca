"""The contracts of every topic. Importing this package registers them all."""

from case_events.contracts import (
    cases,
    commands,
    decisions,
    earlier,
    intake,
    messages,
    migration,
    notices,
    people,
    phases,
    ratings,
    reference,
    refusals,
    releases,
    sla,
)
from case_events.contracts.base import Event, contract, event_class, every_contract, type_name

__all__ = [
    "Event",
    "cases",
    "commands",
    "contract",
    "decisions",
    "earlier",
    "event_class",
    "every_contract",
    "intake",
    "messages",
    "migration",
    "notices",
    "people",
    "phases",
    "ratings",
    "reference",
    "refusals",
    "releases",
    "sla",
    "type_name",
]
