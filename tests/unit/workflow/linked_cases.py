"""Several cases of one desk, and what they ask of each other, carried to and fro."""

from collections import deque
from typing import Any
from uuid import UUID, uuid5

from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event, type_name
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseRequested
from case_events.contracts.parts import OriginCase
from case_events.contracts.reference import DefinitionPublished, EntryChanged
from case_events.contracts.refusals import CommandRefused
from case_events.envelope import Actor, Record
from case_events.kernel import Draft
from case_events.topics import CASES, COMMANDS, REFUSALS
from case_workflow.application.react import WorkflowState, react
from case_workflow.domain.case import Case
from msgspec.structs import replace

from tests.unit.workflow.workflow_desk import ANNA, BO, DEFINITION, PEOPLE, record

LINKS: dict[str, Any] = {
    "problems": {
        "case_types": ["problem"],
        "reports": {"case_types": ["incident", "question"]},
        "solved_in": ["solved"],
    },
    "duplicates": {},
    "merge": {"status": "closed"},
    "split": {},
    "follow_up": {"of": ["closed"], "replies_to_closed": "follow_up"},
}
PROBLEM = {
    "name": "problem",
    "start_status": "new",
    "start_priority": {"priority": "P3"},
    "created_by": ["system"],
    "fields": [{"field": "title", "required": True}],
}
SOLVED_WITH_IT = {"name": "heard", "from": ["new", "asked"], "to": "solved", "on": "problem_solved"}


def linked(**changes: Any) -> dict[str, Any]:
    """The sample's definition with links; with other links, where they are given."""
    return DEFINITION | {
        "case_types": [*DEFINITION["case_types"], PROBLEM],
        "transitions": [*DEFINITION["transitions"], SOLVED_WITH_IT],
        "links": LINKS | changes,
    }


class Cases:
    """Cases by a number. `carried` are all records that one sent to another, in order."""

    def __init__(self, **changes: Any) -> None:
        self.reference = Reference()
        document = linked(**changes)
        self.reference.apply(record(DefinitionPublished("sample/1", document)))
        for person in PEOPLE:
            entry = EntryChanged(person["kind"], person["id"], {"tenant": "sample", **person})
            self.reference.apply(record(entry))
        self.snapshots: dict[UUID, WorkflowState] = {}
        self.history: dict[UUID, list[Event]] = {}
        self.waiting: deque[Record] = deque()
        self.carried: list[Record] = []
        self.refused: list[CommandRefused] = []
        self.minute = 0

    def open(self, number: int, contact: str = "anna", customer: str = "acme",
             case_type: str = "incident", origin: OriginCase | None = None) -> UUID:  # fmt: skip
        """A new case."""
        case = UUID(int=number)
        created = CaseCreated(f"S-{number:04}", case_type, customer, contact, "en", origin=origin)
        self.ask(case, created, ANNA)
        return case

    def ask(self, case: UUID, event: Event, actor: Actor = BO, carry: bool = True) -> list[Event]:
        """Ask something; the facts of that case. What cases ask of each other is carried, unless
        it is left waiting."""
        self.minute += 1
        asked = record(event, actor, self.minute)
        facts = self.take(replace(asked, case=case, id=uuid5(case, str(self.minute))))
        if carry:
            self.carry()
        return facts

    def take(self, asked: Record) -> list[Event]:
        """One record; twice the same record is taken twice."""
        assert asked.case is not None
        before = self.snapshots.get(asked.case)
        outcome = react(before, asked, self.reference)
        self.snapshots[asked.case] = outcome.state
        facts = [draft.event for draft in outcome.events if draft.topic == CASES]
        self.history.setdefault(asked.case, []).extend(facts)
        for draft in outcome.events:
            if draft.topic == COMMANDS:
                self.waiting.append(self._sent(draft, asked))
            if draft.topic == REFUSALS and isinstance(draft.event, CommandRefused):
                self.refused.append(draft.event)
        return facts

    def carry(self, most: int = 10_000) -> None:
        """Carry what waits, in order; what follows from it as well."""
        while self.waiting and most:
            one = self.waiting.popleft()
            self.carried.append(one)
            self.take(one)
            most -= 1

    def case(self, case: UUID) -> Case:
        """A case as workflow remembers it."""
        return self.snapshots[case].case

    def requested(self, case: UUID) -> CaseRequested:
        """The last case that a case asked for."""
        return [one for one in self.history[case] if isinstance(one, CaseRequested)][-1]

    def make(self, requester: UUID, number: int) -> UUID:
        """Number the last case that a case asked for, as intake does."""
        asked = self.requested(requester)
        origin = OriginCase(requester, asked.reference, asked.kind)
        created = CaseCreated(
            f"S-{number:04}", asked.case_type, asked.customer, asked.contact, "en",
            personal=asked.personal, origin=origin, copied=asked.copied,
        )  # fmt: skip
        self.ask(asked.case, created)
        return asked.case

    def problem_of(self, reports: list[UUID], number: int = 900) -> UUID:
        """A problem that was opened from the first of some reports, which are its others."""
        problem = UUID(int=number)
        origin = OriginCase(reports[0], self.case(reports[0]).reference, "problem")
        self.open(number, "", "", "problem", origin)
        return problem

    def texts(self, case: UUID) -> list[str]:
        """What was written on a case."""
        return [e.personal.text for e in self.history[case] if isinstance(e, CommentAdded)]

    def statuses(self, case: UUID) -> list[str]:
        """How a case stood, one after the other."""
        return [e.status for e in self.history[case] if isinstance(e, StatusChanged)]

    def _sent(self, draft: Draft, asked: Record) -> Record:
        assert draft.id is not None
        return replace(
            asked,
            id=draft.id,
            type=type_name(draft.event),
            source="workflow/0",
            case=draft.case,
            causation=asked.id,
            data=draft.event,
        )
