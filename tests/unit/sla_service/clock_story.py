"""A small tenant, and a case that is told event by event to sla, with its timer beside it."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from case_clocks.fold import GRACE
from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event, type_name
from case_events.contracts.cases import (
    AgreementApplied,
    CommentAdded,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.reference import AgreementPublished, DefinitionPublished
from case_events.envelope import SYSTEM, Record
from case_events.kernel import TimerDue
from case_events.topics import SLA
from case_sla.application.react import TIMER, Reaction
from case_sla.application.state import SlaState

E = TypeVar("E", bound=Event)

CASE = UUID("01930000-0000-7000-8000-00000000c10c")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WAIT = timedelta(microseconds=GRACE + 1)
"""How long after a due its breach is raised."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {"timezone": "UTC", "hours": {day: [["00:00", "24:00"]] for day in DAYS}}
OFFICE = {"timezone": "UTC", "hours": {day: [["09:00", "17:00"]] for day in DAYS[:5]}}


def _level(number: int, **raised: Any) -> dict[str, Any]:
    return {
        "level": number,
        "role": f"role{number}",
        "address": "lead@sample.example",
        "language": "en",
        "raised": [raised],
    }


ESCALATION = [
    _level(1, on="breach"),
    _level(2, on="breach", after="PT1H"),
    _level(3, on="breach", after="PT2H", metrics=["resolution"]),
]

DEFINITION: dict[str, Any] = {
    "tenant": "sample",
    "name": "Sample desk",
    "version": 1,
    "languages": ["en"],
    "default_language": "en",
    "mail": {
        "sender": {"address": "help@sample.example", "name": "Sample"},
        "receives": ["help@sample.example"],
    },
    "references": {"format": "S-{number:04}"},
    "channels": [{"name": "mail", "by": ["contact"], "case_type": "request"}],
    "fields": [{"name": "title", "type": "text"}],
    "case_types": [
        {
            "name": "request",
            "start_status": "new",
            "start_priority": {"priority": "P2"},
            "created_by": ["contact"],
            "fields": [{"field": "title"}],
        }
    ],
    "priorities": {"scale": ["P1", "P2", "P3"]},
    "statuses": [
        {"name": "new", "kind": "active", "waits_for": "agent"},
        {
            "name": "asked",
            "kind": "waiting",
            "waits_for": "contact",
            "pauses": ["first_response", "resolution"],
        },
        {"name": "solved", "kind": "resolved", "waits_for": "contact"},
        {"name": "closed", "kind": "final", "waits_for": "none"},
    ],
    "transitions": [{"name": "ask", "from": ["new"], "to": "asked", "by": ["agent"]}],
    "escalation": ESCALATION,
    "teams": [{"name": "desk", "line": 1, "address": "d@sample.example", "language": "en"}],
    "routing": [{"team": "desk"}],
    "visibility": {"normal": "own"},
}


def _terms(metric: str, warnings: tuple[float, ...] = (), **length: Any) -> dict[str, Any]:
    return {"metric": metric, "warnings": list(warnings), **length}


RESOLUTION = _terms("resolution", (0.5, 0.75), priorities={"P1": "PT1H", "P2": "PT4H"})
FIRST = _terms("first_response", priorities={"P1": "PT30M", "P2": "PT1H"})
NEXT = _terms("next_response", (0.5,), length="PT1H")


def _agreement(name: str, *targets: dict[str, Any], **other: Any) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "id": name,
        "tenant": "sample",
        "customer": name,
        "version": 1,
        "kind": "sla",
        "calendar": "hours",
        "calendars": {"hours": ALWAYS},
        "targets": list(targets),
    }
    return terms | other


AGREEMENTS = [
    _agreement("one", RESOLUTION),
    _agreement("two", RESOLUTION, FIRST),
    _agreement("talk", NEXT),
    _agreement("none", kind="best_effort"),
    _agreement("own", RESOLUTION, escalation=[_level(1, on="warning")]),
    _agreement(
        "days",
        RESOLUTION,
        calendars={"hours": OFFICE},
        escalation=[_level(1, on="breach", after="1 working days")],
    ),
    _agreement(
        "urgent",
        RESOLUTION,
        escalation=[
            _level(1, on="breach"),
            _level(2, on="breach")
            | {
                "raised": [
                    {"on": "breach", "priorities": ["P1"]},
                    {"on": "breach", "after": "PT2H"},
                ]
            },
        ],
    ),
    _agreement(
        "twice",
        RESOLUTION,
        escalation=[_level(1, on="breach") | {"raised": [{"on": "warning"}, {"on": "breach"}]}],
    ),
]


def reference(**changes: Any) -> Reference:
    """The sample tenant and its agreements, with other sections in its definition."""
    known = Reference()
    known.apply(record_of(DefinitionPublished("sample/1", DEFINITION | changes), START, 0))
    for terms in AGREEMENTS:
        key = f"sample/{terms['id']}/1"
        known.apply(record_of(AgreementPublished(key, terms), START, 0))
    return known


def record_of(event: Event, at: datetime, version: int) -> Record:
    """An event of the case's history, or a timer of it."""
    return Record(
        id=UUID(int=version),
        type=type_name(event),
        source="workflow/0",
        tenant="sample",
        occurred_at=at,
        recorded_at=at,
        actor=SYSTEM,
        channel="mail",
        correlation=UUID(int=1),
        definition="sample/1",
        case=CASE,
        version=version,
        data=event,
    )


REFERENCE = reference()

CREATED = CaseCreated(
    reference="S-0001", case_type="request", customer="acme", contact="anna", language="en"
)


def after(hours: float) -> datetime:
    """So many hours after the case was created."""
    return START + timedelta(hours=hours)


def comment(author: str = "agent", *, public: bool = True) -> CommentAdded:
    """Somebody writes."""
    return CommentAdded("1", author, public)


class Story:
    """One case, as sla sees it: what it says, and when its timer is set to."""

    def __init__(
        self,
        agreement: str = "one",
        priority: str = "P2",
        known: Reference = REFERENCE,
        created: CaseCreated = CREATED,
    ) -> None:
        self.known = known
        self.react = Reaction()
        self.state: SlaState | None = None
        self.version = 0
        self.timer: datetime | None = None
        self.history: list[Record] = []
        self.published: list[Event] = []
        self.opening: list[Event] = []
        key = f"sample/{agreement}/1" if agreement else ""
        for event in (
            created,
            AgreementApplied(key),
            PriorityAssessed(priority),
            StatusChanged("new", reason="created"),
        ):
            self.opening += self.tell(event, START)

    def tell(self, event: Event, at: datetime) -> list[Event]:
        """The next event of the case history, and what sla says to it."""
        self.version += 1
        self.history.append(record_of(event, at, self.version))
        return self._take(self.history[-1])

    def fire(self, at: datetime | None = None) -> list[Event]:
        """The timer goes off: when it is set to, or later."""
        assert self.timer is not None
        assert at is None or at >= self.timer
        due, self.timer = self.timer, None
        return self._take(record_of(TimerDue(TIMER, due), at or due, 0))

    def back(self, facts: list[Event], at: datetime) -> list[Event]:
        """Workflow takes facts into the history; what sla says to that."""
        return [event for fact in facts for event in self.tell(fact, at)]

    def until(self, at: datetime) -> list[Event]:
        """All that is said by itself up to an instant; all of it comes back."""
        published: list[Event] = []
        while self.timer is not None and self.timer <= at:
            fired, facts = self.timer, self.fire()
            published += facts
            assert self.back(facts, fired) == []
        return published

    def _take(self, record: Record) -> list[Event]:
        outcome = self.react(self.state, record, self.known)
        self.state = msgspec.json.decode(msgspec.json.encode(outcome.state), type=SlaState)
        for timer in outcome.timers:
            assert timer.name == TIMER
            self.timer = timer.due
        assert len(outcome.timers) <= 1
        assert {draft.topic for draft in outcome.events} <= {SLA}
        assert all(draft.actor == SYSTEM for draft in outcome.events)
        facts = [draft.event for draft in outcome.events]
        self.published += facts
        return facts

    @property
    def snapshot_state(self) -> SlaState:
        """What sla remembers."""
        assert self.state is not None
        return self.state


def only(kind: type[E], facts: list[Event]) -> list[E]:
    """The facts of one type."""
    return [fact for fact in facts if isinstance(fact, kind)]
