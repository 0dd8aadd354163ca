"""A tenant whose clocks many things move: two versions of its process, and agreements to change."""

from functools import cache
from typing import Any

from case_definition.lookup.definition import Definition, compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.agreements import Agreement, compile_agreement
from case_events.contracts.reference import EntryChanged

from tests.unit.sla_service.clock_story import (
    ALWAYS,
    DEFINITION,
    OFFICE,
    START,
    record_of,
)

PRIORITIES = ("P1", "P2", "P3")
STEPS = (*("ask", "go_on", "solve") * 5, "close")
"""The steps that agents take; the more often it stands here, the more often."""


def _status(name: str, kind: str, *pauses: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "waits_for": "agent", "pauses": list(pauses)}


def _step(name: str, to: str, *sources: str) -> dict[str, Any]:
    return {"name": name, "from": list(sources), "to": to, "by": ["agent"]}


PROCESS: dict[str, Any] = DEFINITION | {
    "priorities": {"scale": list(PRIORITIES), "reassessed_by": ["agent"]},
    "transitions": [
        _step("ask", "asked", "new", "solved"),
        _step("go_on", "new", "asked", "solved"),
        _step("solve", "solved", "new", "asked"),
        _step("close", "closed", "new", "asked", "solved"),
        {"name": "late", "from": ["new"], "to": "asked", "on": "breached:assessment"},
        {"name": "silent", "from": ["asked"], "to": "new", "on": "timer:remind"},
    ],
    "timers": [{"name": "remind", "after": "PT30M", "elapsed": True, "since": ["status:asked"]}],
}
PAUSES_OTHERS: dict[str, Any] = PROCESS | {
    "version": 2,
    "statuses": [
        _status("new", "active"),
        _status("asked", "waiting", "next_response"),
        *DEFINITION["statuses"][2:],
    ],
}
VERSIONS = ("sample/1", "sample/2")


def _target(metric: str, *lengths: str, **terms: Any) -> dict[str, Any]:
    by_priority = dict(zip(PRIORITIES, lengths, strict=True))
    return {"metric": metric, "warnings": [0.5], "priorities": by_priority, **terms}


def _agreement(name: str, calendar: dict[str, Any], *targets: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": name,
        "tenant": "sample",
        "customer": "acme",
        "version": 1,
        "kind": "sla" if targets else "best_effort",
        "calendar": "hours",
        "calendars": {"hours": calendar},
        "targets": list(targets),
    }


AGREED = (
    _agreement(
        "quick",
        ALWAYS,
        _target("resolution", "PT1H", "PT4H", "PT8H"),
        _target("first_response", "PT30M", "PT1H", "PT2H"),
        _target("next_response", "PT20M", "PT1H", "PT3H"),
        _target("assessment", "PT15M", "PT1H", "PT2H"),
    ),
    _agreement(
        "anew",
        ALWAYS,
        _target("resolution", "PT2H", "PT3H", "PT6H", recount_from_change=True),
        _target("first_response", "PT10M", "PT20M", "PT2H"),
        _target("next_response", "PT15M", "PT2H", "PT3H", restart_on_reopening=True),
    ),
    _agreement(
        "days",
        OFFICE,
        _target("resolution", "PT1H", "1 working days", "PT8H", restart_on_reopening=True),
        _target("first_response", "PT30M", "PT1H", "PT2H", restart_on_reopening=True),
        _target("next_response", "PT1H", "PT1H", "PT1H"),
    ),
    _agreement("none", ALWAYS),
)

PEOPLE: tuple[dict[str, Any], ...] = (
    {"kind": "customer", "id": "acme", "name": "Acme"},
    {"kind": "contact", "id": "anna", "name": "Anna", "customer": "acme",
     "email": "anna@acme.example", "language": "en"},
    {"kind": "agent", "id": "bo", "name": "Bo", "email": "bo@sample.example", "language": "en",
     "teams": ["desk"], "roles": ["agent", "administrator"]},
)  # fmt: skip


@cache
def compiled() -> tuple[tuple[Definition, ...], tuple[Agreement, ...]]:
    """The versions of the process, and the agreements."""
    processes = (compile_definition(PROCESS), compile_definition(PAUSES_OTHERS))
    return processes, tuple(compile_agreement(terms) for terms in AGREED)


def known_terms() -> Reference:
    """All of it is published; the agreement that came last holds, until another is agreed."""
    known = Reference()
    processes, agreements = compiled()
    for process in processes:
        known.add_definition(process)
    for agreement in agreements:
        known.add_agreement(agreement)
    for person in PEOPLE:
        entry = EntryChanged(person["kind"], person["id"], {"tenant": "sample", **person})
        known.apply(record_of(entry, START, 0))
    return known
