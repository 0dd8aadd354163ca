"""What the sla service reports of a case's clocks. Each fact names the case version it rests
on; workflow decides again, and takes into the history what still holds."""

from case_events.contracts.base import Event, contract
from case_events.contracts.cases import (
    AgreementApplied,
    CaseClassified,
    CommentAdded,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import Instant
from case_events.topics import CASES, SLA


class ClockFact(Event, frozen=True, kw_only=True):
    """One target's clock: `cycle` counts from 1, `rests_on` is the case version known then."""

    target: str
    cycle: int
    rests_on: int


@contract("sla.deadline-set", SLA, CASES)
class DeadlineSet(ClockFact, frozen=True, kw_only=True):
    """The due time of a running clock was set or moved; None: paused or no longer running.

    `elapsed` is counted time in microseconds. `reason` says what moved it.
    """

    due: Instant | None
    elapsed: int
    reason: str
    calendar: str
    tz_version: str


@contract("sla.deadline-warned", SLA, CASES)
class DeadlineWarned(ClockFact, frozen=True, kw_only=True):
    """A share (0 to 1) of the target has gone by; `due` is when it will be missed."""

    share: float
    due: Instant


@contract("sla.target-breached", SLA, CASES)
class TargetBreached(ClockFact, frozen=True, kw_only=True):
    """The target was missed at `due_at`, and seen to be at `detected_at`. Once a cycle."""

    due_at: Instant
    detected_at: Instant


@contract("sla.breach-withdrawn", SLA, CASES)
class BreachWithdrawn(ClockFact, frozen=True, kw_only=True):
    """What answered the target in time was recorded after the breach: the record `fact`."""

    fact: str


@contract("sla.escalation-raised", SLA, CASES)
class EscalationRaised(ClockFact, frozen=True, kw_only=True):
    """The ladder's `level` was reached; `role` is who is told, `why` what raised it."""

    level: int
    role: str
    why: str


@contract("sla.target-met", SLA, CASES)
class TargetMet(ClockFact, frozen=True, kw_only=True):
    """The target was met; `elapsed` and `left` in microseconds of counted time."""

    elapsed: int
    left: int


CLOCK_EVENTS = frozenset(
    {CaseCreated, StatusChanged, CommentAdded, PriorityAssessed, AgreementApplied, CaseClassified}
)
"""Events of a case that may move its clocks. A fact of a clock that rests on a version before
the last of these is dropped by workflow, and decided again by sla once it has seen that event."""
