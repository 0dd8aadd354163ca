"""Case lifecycles on workflow's reaction alone: anybody sends anything, and the case can still
end."""

from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_definition.publishing.loading import TenantDocuments
from case_definition.schema.directory import Agent, Contact
from case_events.contracts.base import Event, type_name
from case_events.contracts.commands import Command
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import InterCaseCommand
from case_events.contracts.parts import SubmittedContent
from case_events.envelope import SYSTEM, Actor, Record
from case_events.kernel import DORMANT, TimerDue
from case_events.topics import CASES
from case_workflow.application.react import WorkflowState, react
from casefold.publishing import entries_of, terms_of

from tests.support.random_cases.generators import EventGenerator, as_json, everything_read, good
from tests.support.random_cases.possible_actions import possible_actions
from tests.support.world.reference_data import publish

CASE = UUID("01930000-0000-7000-8000-00000000beef")
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
READ = everything_read()
COMMANDS = [kind for kind in READ if issubclass(kind, Command)]
MOST_STATES = 300
"""The number of states to search before a case counts as one that cannot end."""


class World:
    """A tenant's documents as its services know them, and cases under them."""

    def __init__(self, documents: TenantDocuments) -> None:
        self.reference = Reference()
        for published in (*terms_of(documents), *entries_of(documents)):
            publish(self.reference, published)
        newest = self.reference.newest(documents.definition["tenant"])
        assert newest is not None
        self.definition = newest
        people = documents.directory
        self.contacts = [one for one in people if isinstance(one, Contact)]
        self.agents = [_agent(one) for one in people if isinstance(one, Agent)]
        roles = {one.roles: _agent(one) for one in people if isinstance(one, Agent)}
        self.agents_by_role = list(roles.values())
        self.asked: Counter[type[Event]] = Counter()
        self.taken: Counter[type[Event]] = Counter()
        self._ending: set[bytes] = set()

    def react(
        self, state: WorkflowState | None, event: Event, actor: Actor, at: datetime
    ) -> tuple[WorkflowState, list[Event], dict[str, datetime | None]]:
        """The state, the events of the case and the timers after one record."""
        record = Record(
            id=UUID(int=int(at.timestamp() * 1_000_000)),
            type=type_name(event),
            source="workflow/0" if isinstance(event, InterCaseCommand) else "portal/0",
            tenant=self.definition.tenant,
            occurred_at=at,
            recorded_at=at,
            actor=actor,
            channel="portal",
            correlation=CASE,
            definition=self.definition.key,
            case=CASE,
            data=event,
        )
        outcome = react(state, record, self.reference)
        facts = [draft.event for draft in outcome.events if draft.topic == CASES]
        return outcome.state, facts, {timer.name: timer.due for timer in outcome.timers}

    def born(self, case_type: str, chance: Random) -> tuple[CaseCreated, Actor]:
        """A new case of a type, from its contact or an agent."""
        kind, fields = self.definition.case_types[case_type], self.definition.fields
        filled = {use.field: good(fields[use.field]) for use in kind.fields if use.required}
        own = "contact" not in kind.created_by and "agent" not in kind.created_by
        contact = None if own or not self.contacts else chance.choice(self.contacts)
        created = CaseCreated(
            reference="X-1",
            case_type=case_type,
            customer=contact.customer if contact else "",
            contact=contact.id if contact else "",
            language=self.definition.document.default_language,
            fields=filled,
            personal=SubmittedContent(text="It is broken.", title="Broken"),
        )
        return created, _contact(contact) if contact else SYSTEM

    def can_end(self, state: WorkflowState, at: datetime) -> bool:
        """Whether people, timers and consequences can still bring the case to an end."""
        start = (_state(state),)
        seen = set(start)
        waiting: deque[tuple[WorkflowState, tuple[bytes, ...]]] = deque([(state, start)])
        while waiting and len(seen) < MOST_STATES:
            before, way = waiting.popleft()
            if self.ended(before) or way[-1] in self._ending:
                self._ending.update(way)
                return True
            for event, actor in possible_actions(before.case, self.definition, self.agents_by_role):
                at += timedelta(minutes=1)
                after, facts, _ = self.react(before, event, actor, at)
                reached = _state(after)
                if facts and reached not in seen:
                    seen.add(reached)
                    waiting.append((after, (*way, reached)))
        return False

    def ended(self, state: WorkflowState) -> bool:
        """Whether the case is in a final status."""
        return self.definition.statuses[state.case.status].kind == "final"


class Life:
    """Cases from their beginning. The seed and the earlier cases determine everything."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._chance = world, Random(seed)
        self._any_event = EventGenerator(world.definition, world.reference, self._chance)
        self._now, self._timers = START, dict[str, datetime]()
        self._workflow_state: WorkflowState | None = None
        self.steps: list[str] = []

    def goes(self, steps: int, case_type: str) -> None:
        """Take this number of steps; after each change the case can still end. A case that has
        ended continues for some steps, and then another begins."""
        for _ in range(steps):
            if self._workflow_state is None or (
                self._world.ended(self._workflow_state) and self._often(0.3)
            ):
                self._workflow_state, self._timers = None, {}
                self.steps.append("a new case")
                self._take(*self._world.born(case_type, self._chance))
            else:
                self._take(*self._next())

    def _next(self) -> tuple[Event, Actor]:
        assert self._workflow_state is not None
        case, chance = self._workflow_state.case, self._chance
        if self._often(0.25):
            ways = list(possible_actions(case, self._world.definition, self._world.agents_by_role))
            kinds = list(dict.fromkeys(type(event) for event, _ in ways))
            kind = chance.choice(kinds)
            return chance.choice([way for way in ways if type(way[0]) is kind])
        due = [(name, at) for name, at in self._timers.items() if at < DORMANT]
        if due and self._often(0.1):
            name, at = chance.choice(due)
            self._now = max(self._now, at)
            return TimerDue(name, at), SYSTEM
        # Actions that were taken least often are the most likely.
        some = chance.sample(COMMANDS if self._often(0.8) else READ, 4)
        kind = min(some, key=lambda one: self._world.taken[one])
        return self._any_event.of(kind, case, self._now), chance.choice(self._people())

    def _often(self, share: float) -> bool:
        return self._chance.random() < share

    def _people(self) -> list[Actor]:
        own = [
            _contact(one)
            for one in self._world.contacts
            if self._workflow_state and one.customer == self._workflow_state.case.customer
        ]
        return [*self._world.agents, *own, SYSTEM]

    def _take(self, event: Event, actor: Actor) -> None:
        self._now += timedelta(minutes=self._chance.choice((1, 5, 60, 1440)))
        self._world.asked[type(event)] += 1
        self.steps.append(f"{actor.kind} {actor.id}: {as_json(event)}")
        self._workflow_state, facts, timers = self._world.react(
            self._workflow_state, event, actor, self._now
        )
        for name, at in timers.items():
            self._timers.pop(name, None)
            if at is not None:
                self._timers[name] = at
        if facts:
            self._world.taken[type(event)] += 1
            steps = "\n".join(self.steps)
            assert self._world.can_end(self._workflow_state, self._now), (
                f"this cannot end:\n{steps}"
            )


def _agent(one: Agent) -> Actor:
    return Actor(kind="agent", id=one.id, capacity="agent")


def _contact(one: Contact) -> Actor:
    return Actor(kind="contact", id=one.id, capacity="contact")


def _state(state: WorkflowState) -> bytes:
    """The part of a case that decides how it can continue, without who did what and when."""
    case = state.case
    parts = (
        case.status, case.case_type, case.priority, case.phase, case.team, bool(case.agent),
        case.fields, case.decisions, case.links.merged is not None, case.contact != "",
        case.planned,
    )  # fmt: skip
    return msgspec.json.encode(parts, order="deterministic")
