"""The reaction of sla. An event of a case moves its clocks; a timer reports that time has
passed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from case_clocks.changes import ClockChange, changes
from case_clocks.fold import GRACE, expire
from case_clocks.moves import MOVING_EVENTS, move
from case_clocks.terms import CompiledCalendars, escalation_policy, know_calendars
from case_definition.calendar.instants import instant_of, utc
from case_definition.lookup.reference import Reference
from case_events.contracts import CLOCK_EVENTS
from case_events.contracts.base import Event, label_of
from case_events.contracts.intake import CaseCreated
from case_events.contracts.migration import DefinitionMigrated
from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockEvent,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TimerFired,
)
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Draft, Outcome, Service, Timer, TimerDue
from case_events.topics import CASES, SLA
from msgspec.structs import replace

from case_sla.application.announce import (
    CaseAtInstant,
    PendingAnnouncement,
    deadlines,
    ends,
    moved_into_past,
    next_due,
    pending,
)
from case_sla.application.rearm_warnings import rearm_warnings
from case_sla.application.state import SlaState, empty_state

TIMER = "clock"


def service() -> Service[SlaState, Reference]:
    """sla as a value, for the runtime."""
    return Service(
        name="sla",
        topics=(CASES,),
        state_type=SlaState,
        react=Reaction(),
        reacts_to=MOVING_EVENTS | ANNOUNCED_AS.keys(),
    )


class Reaction:
    """The reaction, with a cache of compiled calendars.

    The cache belongs to the reference data of one service: the same name may mean another
    calendar in other data.
    """

    def __init__(self, grace: int = GRACE) -> None:
        self._calendars = CompiledCalendars()
        self._grace = grace

    def __call__(
        self, state: SlaState | None, record: Record, reference: Reference
    ) -> Outcome[SlaState]:
        """The events that the clocks lead to after this record."""
        at = record.occurred_at
        before, now = state or empty_state(), instant_of(at)
        fired = isinstance(record.data, TimerDue)
        if fired:
            know_calendars(self._calendars, before.time, reference)
            after = self._late(before, now)
        else:
            after = self._advance(before, record, reference, now)
            if _says_nothing_new(before, after, record, now):
                return Outcome(state=after)
        levels = escalation_policy(after.time, reference, reference.definition(record.definition))
        changed = changes(before.time.clocks, after.time.clocks)
        ended = list(ends(changed, after, str(record.id)))
        after = _take_back(_note_causes(before, after, changed, record), ended)
        # The creation is why the first deadlines of a case are set.
        cause = record.data if before.time.priority else CaseCreated
        moved = deadlines(after, self._calendars, now, cause)
        waiting = pending(CaseAtInstant(after, self._calendars, now), levels)
        due = [item for item in waiting if item.at <= now]
        wake = self._wake(after, waiting[len(due) :])
        after = replace(
            after,
            dues=after.dues | {metric: to for metric, to, _ in moved},
            announced=after.announced | {item.key: after.version for item in due},
            wake=wake,
        )
        # A timer has the version of the definition under which it was set.
        anew = fired or isinstance(record.data, DefinitionMigrated)
        late = [event for event in ended if isinstance(event, TargetAnswered)]
        others = [event for event in ended if not isinstance(event, TargetAnswered)]
        events = (*others, *(one for _, _, one in moved), *(item.event() for item in due), *late)
        return Outcome(
            state=after,
            events=tuple(_draft(event, at) for event in events),
            timers=_timer(wake) if anew or wake != before.wake else (),
        )

    def _late(self, state: SlaState, now: int) -> SlaState:
        """The state after time has passed. The partition was read to its end after the due, so a
        target without an answer is late now."""
        clocks = expire(state.time.clocks, now - self._grace)
        timers = expire(state.time.timers, now - self._grace)
        return replace(state, time=replace(state.time, clocks=clocks, timers=timers))

    def _advance(
        self, before: SlaState, record: Record, reference: Reference, now: int
    ) -> SlaState:
        """The state after an event of the case's history."""
        after = _confirm(replace(before, version=record.version), record)
        moved = move(after.time, record, reference, self._calendars)
        return rearm_warnings(replace(after, time=moved), self._calendars, now)

    def _wake(self, state: SlaState, waiting: Sequence[PendingAnnouncement]) -> int | None:
        """The instant of the next announcement; None if there is none."""
        breach = next_due(state, self._grace)
        return min((*(item.at for item in waiting), *([breach] if breach else [])), default=None)


def _says_nothing_new(before: SlaState, after: SlaState, record: Record, now: int) -> bool:
    """Whether nothing changed that decides which events are announced and when, and nothing is
    due."""
    was, time = before.time, after.time
    return (
        time.clocks is was.clocks
        and time.timers is was.timers
        and (time.priority, time.agreement) == (was.priority, was.agreement)
        and after.announced.keys() == before.announced.keys()
        and (before.wake is None or now < before.wake)
        and not isinstance(record.data, DefinitionMigrated)
    )


def _draft(event: Event, at: datetime) -> Draft:
    return Draft(topic=SLA, event=event, actor=SYSTEM, channel="system", occurred_at=at)


def _note_causes(
    before: SlaState, after: SlaState, changed: Sequence[ClockChange], record: Record
) -> SlaState:
    """The state with the event as the cause of each due that it moved into the past."""
    late = list(moved_into_past(before.time.clocks, changed))
    if not late:
        return after
    return replace(after, causes=after.causes | dict.fromkeys(late, label_of(record.data)))


def _timer(wake: int | None) -> tuple[Timer, ...]:
    return (Timer(TIMER, None if wake is None else utc(wake)),)


def _confirm(state: SlaState, record: Record) -> SlaState:
    """Mark the announcements that are in the history; drop those that a later event made stale."""
    event = record.data
    key_of = ANNOUNCED_AS.get(type(event))
    if key_of is not None and (key := key_of(event)) in state.announced:
        state = replace(state, announced=state.announced | {key: 0})
        if _warns(event):
            state = replace(
                state, warned_at=state.warned_at | {key: instant_of(record.occurred_at)}
            )
    if type(event) not in CLOCK_EVENTS:
        return state
    clocks = (*state.time.clocks.clocks, *state.time.timers.clocks)
    current = {f"{c.metric}/{c.cycle.number}" for c in clocks if c.cycle}
    announced = {
        key: on
        for key, on in state.announced.items()
        if not 0 < on < state.version and _cycle_of(key) in current
    }
    warned_at = {key: at for key, at in state.warned_at.items() if _cycle_of(key) in current}
    return replace(state, announced=announced, warned_at=warned_at)


def _cycle_of(key: str) -> str:
    return "/".join(key.split("/")[:2])


def _warns(event: Event) -> bool:
    """Whether an event is a warning, or a level that one raised."""
    raised = isinstance(event, EscalationRaised) and event.why == "warning"
    return raised or isinstance(event, DeadlineWarned)


def _take_back(state: SlaState, ended: Sequence[Event]) -> SlaState:
    """Re-arm a breach that was withdrawn, with the levels that it raised."""
    gone = tuple(f"{f.target}/{f.cycle}/" for f in ended if isinstance(f, BreachWithdrawn))
    announced = {
        key: on
        for key, on in state.announced.items()
        if not key.startswith(gone) or "/warning/" in key or key in state.warned_at
    }
    return replace(state, announced=announced)


def _about(event: ClockEvent) -> str:
    return f"{event.target}/{event.cycle}"


ANNOUNCED_AS: Mapping[type[Event], Callable[[Any], str]] = {
    TimerFired: lambda event: f"{event.timer}/{event.cycle}/fired",
    TargetBreached: lambda event: f"{_about(event)}/breach",
    DeadlineWarned: lambda event: f"{_about(event)}/warning/{round(event.share * 100)}",
    EscalationRaised: lambda event: f"{_about(event)}/level/{event.level}",
}
"""The announcements that are made once for a cycle, and the key of each."""
