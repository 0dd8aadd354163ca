"""The contracts of all topics. Importing this package registers them."""

from case_events.contracts import (
    approvals,
    bounces,
    cases,
    commands,
    decisions,
    earlier,
    intake,
    links,
    messages,
    migration,
    notices,
    people,
    phases,
    ratings,
    reference,
    refusals,
    releases,
    security,
    sla,
    submissions,
    tags,
    work,
)
from case_events.contracts.base import (
    Contract,
    Event,
    contract,
    contract_named,
    contract_of,
    event_class,
    every_contract,
    label_of,
    type_name,
)

CLOCK_EVENTS: frozenset[type[Event]] = frozenset(
    one.event for one in every_contract() if one.moves_clocks
)
"""Events of a case that may move its clocks. Workflow drops an event of a clock that rests on a
version before the last of these; sla decides again once it has processed that one."""

__all__ = [
    "CLOCK_EVENTS",
    "Contract",
    "Event",
    "approvals",
    "bounces",
    "cases",
    "commands",
    "contract",
    "contract_named",
    "contract_of",
    "decisions",
    "earlier",
    "event_class",
    "every_contract",
    "intake",
    "label_of",
    "links",
    "messages",
    "migration",
    "notices",
    "people",
    "phases",
    "ratings",
    "reference",
    "refusals",
    "releases",
    "security",
    "sla",
    "submissions",
    "tags",
    "type_name",
    "work",
]
