"""Races of sla and workflow over one case: each does what it does, but out of step.

Both reactions are the real ones. What lies between them is modelled: the partitions, in which
records keep their order, and how long each record lies there before it is read. So a command may be
recorded long after it was given, a breach reach workflow behind the answer that met it, and sla
read of both later still. Of sla's timer the model keeps what the runtime promises: it never fires
early, and not before all is read that was written up to its due.
"""

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import msgspec
from case_definition.calendar.instants import utc
from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event
from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    ChangeStatus,
    Command,
    RequestAssessment,
)
from case_events.contracts.migration import MigrateCase
from case_events.contracts.parts import WrittenContent
from case_events.envelope import Actor, Record
from case_events.kernel import DORMANT, Draft, TimerDue
from case_events.topics import CASES
from case_sla.application.react import TIMER, Reaction
from case_sla.application.state import SlaState as Time
from case_workflow.application.react import WorkflowState, is_stale, react
from msgspec.structs import replace

from tests.support.world.recomputed_clocks import line
from tests.unit.sla_service.clock_story import CREATED, MICROSECOND, START, record_of
from tests.unit.sla_service.race_terms import (
    PRIORITIES,
    STEPS,
    VERSIONS,
    compiled,
    known_terms,
)

ANNA = Actor(kind="contact", id="anna", capacity="contact")
BO = Actor(kind="agent", id="bo", capacity="agent")
WORDS = WrittenContent(text="Yes.")
SECOND = timedelta(seconds=1)
AROUND = (-SECOND, -MICROSECOND, 0 * SECOND, MICROSECOND, SECOND, 2 * SECOND,
          2 * SECOND + MICROSECOND, 3 * SECOND)  # fmt: skip
"""How far from a due time may stop: sla waits two seconds for answers that are on their way."""
SPANS = (0 * SECOND, MICROSECOND, *(timedelta(seconds=n) for n in (1, 2, 3, 60, 600, 3600, 7200)))
RESTLESS = 10_000
"""After so many turns two services that are left alone do not come to rest."""
REACTION = Reaction()
"""One for all races: they know the same calendars, which are slow to compile."""


class Workflow:
    """Workflow with its one case, and the history that it writes."""

    def __init__(self, known: Reference) -> None:
        self._known = known
        self._state: WorkflowState | None = None
        self._stands = ""
        self.history: list[Record] = []

    def takes(self, record: Record, now: datetime) -> list[Record]:
        """The records that it adds to the history for one that it reads."""
        outcome = react(self._state, record, self._known)
        self._state = outcome.state
        for timer in outcome.timers:
            self._stands = timer.name if timer.due else ""
        written = [
            self._stamped(draft, place, now)
            for place, draft in enumerate(
                (draft for draft in outcome.events if draft.topic == CASES),
                len(self.history) + 1,
            )
        ]
        self.history += written
        return written

    def woken(self) -> Event | None:
        """What wakes the case where its agreement no longer holds."""
        if self._stands and is_stale(self._stands, self._known):
            return TimerDue(self._stands, DORMANT)
        return None

    def _stamped(self, draft: Draft, version: int, now: datetime) -> Record:
        assert draft.occurred_at is not None
        event = record_of(draft.event, draft.occurred_at, version)
        return replace(event, recorded_at=now, definition=draft.definition)


class Sla:
    """sla, and its one timer with the definition that it was set under."""

    def __init__(self, known: Reference) -> None:
        self._known = known
        self._state: Time | None = None
        self._timer: tuple[datetime, str] | None = None

    def reads(self, record: Record) -> list[Record]:
        """What it says to a record."""
        outcome = REACTION(self._state, record, self._known)
        self._state = msgspec.json.decode(msgspec.json.encode(outcome.state), type=Time)
        for timer in outcome.timers:
            self._timer = (timer.due, record.definition) if timer.due else None
        return [record_of(draft.event, record.occurred_at, 0) for draft in outcome.events]

    def may_fire(self, now: datetime, unread: Sequence[Record]) -> bool:
        """Whether its timer is due, and all is read that was written up to its due."""
        if self._timer is None or self._timer[0] > now:
            return False
        return not unread or unread[0].recorded_at > self._timer[0]

    def fires(self, now: datetime) -> list[Record]:
        """What it says when its timer goes off."""
        assert self._timer is not None
        (due, definition), self._timer = self._timer, None
        return self.reads(replace(record_of(TimerDue(TIMER, due), now, 0), definition=definition))

    def dues(self) -> list[datetime]:
        """When its clocks fall due."""
        clocks = self._state.time.clocks.clocks if self._state else ()
        return [utc(clock.cycle.due) for clock in clocks if clock.cycle and clock.cycle.due]


class Race:
    """One race: all of it follows from its seed."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self.now = START
        self.known = known_terms()
        self._agree()
        self._workflow, self._sla = Workflow(self.known), Sla(self.known)
        self._commands, self._facts, self._unread = (deque[Record]() for _ in range(3))
        # The less often workflow reads its commands, the later they are recorded.
        slow = self._chance.choice((8, 4, 2, 1))
        self._turns = {
            self._people_ask: 7,
            self._agree: 1,
            self._workflow_takes_a_command: slow,
            self._workflow_takes_a_fact: 30 - slow,
            self._workflow_is_woken: 1,
            self._sla_reads: 30,
            self._sla_fires: 15,
            self._time_passes: 18,
        }
        self._commands.append(replace(record_of(CREATED, START, 0), actor=ANNA))
        self._workflow_takes_a_command()

    @property
    def history(self) -> list[Record]:
        """All that came into the history of the case."""
        return self._workflow.history

    def story(self) -> str:
        """The history so far, for a race that does not come to its end."""
        return "\n".join((f"at {self.now}:", *(line(record) for record in self.history)))

    def goes(self, turns: int) -> None:
        """So many turns, each of somebody else; who has nothing to do lets it pass."""
        for turn in self._chance.choices([*self._turns], [*self._turns.values()], k=turns):
            turn()

    def comes_to_rest(self, later: timedelta) -> None:
        """Everything is read that was on its way, and then time goes by."""
        for span in (0 * SECOND, later):
            self.now += span
            self._settles()

    def _settles(self) -> None:
        services = (
            self._workflow_takes_a_command,
            self._workflow_is_woken,
            self._workflow_takes_a_fact,
            self._sla_reads,
            self._sla_fires,
        )
        for _ in range(RESTLESS):
            if not any(turn() for turn in services):
                return
        raise AssertionError("they never come to rest")

    def _people_ask(self) -> bool:
        command, who = self._something()
        self._commands.append(replace(record_of(command, self.now, 0), actor=who))
        return True

    def _something(self) -> tuple[Command, Actor]:
        chance = self._chance
        kinds = ("step", "priority", "comment", "assessment", "version")
        match chance.choices(kinds, (35, 25, 25, 5, 5))[0]:
            case "step":
                return ChangeStatus(transition=chance.choice(STEPS)), BO
            case "priority":
                return AssessPriority(priority=chance.choice(PRIORITIES)), BO
            case "comment":
                public = chance.random() < 0.8
                return AddComment(public=public, personal=WORDS), chance.choice((ANNA, BO))
            case "assessment":
                return RequestAssessment(personal=WORDS), BO
            case _:
                return MigrateCase(definition=chance.choice(VERSIONS)), BO

    def _agree(self) -> bool:
        _, agreements = compiled()
        self.known.add_agreement(self._chance.choice(agreements))
        return True

    def _workflow_takes_a_command(self) -> bool:
        return self._workflow_takes(self._commands)

    def _workflow_takes_a_fact(self) -> bool:
        return self._workflow_takes(self._facts)

    def _workflow_takes(self, partition: deque[Record]) -> bool:
        if not partition:
            return False
        self._unread += self._workflow.takes(partition.popleft(), self.now)
        return True

    def _workflow_is_woken(self) -> bool:
        woken = self._workflow.woken()
        if woken is None:
            return False
        self._unread += self._workflow.takes(record_of(woken, self.now, 0), self.now)
        return True

    def _sla_reads(self) -> bool:
        if not self._unread:
            return False
        self._facts += self._sla.reads(self._unread.popleft())
        return True

    def _sla_fires(self) -> bool:
        if not self._sla.may_fire(self.now, self._unread):
            return False
        self._facts += self._sla.fires(self.now)
        return True

    def _time_passes(self) -> bool:
        """To about the next due, or by some other span."""
        dues = [due for due in self._sla.dues() if due > self.now]
        if dues and self._chance.random() < 0.6:
            self.now = max(self.now, min(dues) + self._chance.choice(AROUND))
        else:
            self.now += self._chance.choice(SPANS)
        return True
