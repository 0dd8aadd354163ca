"""What the sla service reports of a case's clocks. Each fact names the case version it rests
on; workflow decides again, and takes into the history what still holds."""

from case_events.contracts.base import Event, contract
from case_events.contracts.declared import OF_A_TARGET, Trigger, notice
from case_events.contracts.parts import Instant, TimeSpent
from case_events.topics import CASES, SLA


class ClockEvent(Event, frozen=True, kw_only=True):
    """One target's clock: `cycle` counts from 1, `rests_on` is the case version known then."""

    target: str
    cycle: int
    rests_on: int

    @property
    def metric(self) -> str:
        """What it measures, as far as the event says it: what the target is called."""
        return self.target


@contract(
    "sla.deadline-set",
    SLA,
    CASES,
    label="deadline_set",
    version=2,
    notice=notice(*OF_A_TARGET),
    rule_members=("metric", "reason"),
    audience="desk",
)
class DeadlineSet(ClockEvent, frozen=True, kw_only=True):
    """The due time of a running clock was set or moved; None: paused or no longer running.

    `elapsed` is counted time in microseconds. `reason` is the label of the event that moved it;
    `case_created` for all that a case begins with.
    """

    due: Instant | None
    elapsed: int
    reason: str
    calendar: str
    tz_version: str


@contract(
    "sla.deadline-warned",
    SLA,
    CASES,
    label="deadline_warned",
    triggers=(Trigger(name="warned", about="target", section="metrics"),),
    notice=notice(*OF_A_TARGET),
    rule_members=("metric",),
    audience="desk",
)
class DeadlineWarned(ClockEvent, frozen=True, kw_only=True):
    """A share (0 to 1) of the target has gone by; `due` is when it will be missed."""

    share: float
    due: Instant


class ClosedCycle(ClockEvent, frozen=True, kw_only=True):
    """What became of a cycle, and under which promise: the `agreement` (tenant/id/version, or
    tenant/version of the definition for the tenant's own) and the share of cases `promised`."""

    agreement: str = ""
    promised: float = 1.0


@contract(
    "sla.target-breached",
    SLA,
    CASES,
    label="target_breached",
    version=2,
    triggers=(Trigger(name="breached", about="target", section="metrics"),),
    notice=notice(*OF_A_TARGET),
    rule_members=("metric",),
    audience="desk",
)
class TargetBreached(ClosedCycle, frozen=True, kw_only=True):
    """The target was missed at `due_at`, and seen to be at `detected_at`. Once a cycle.

    `cause` is empty where time ran out, else the label of the event that moved the due into the
    past. `held` is where the counted time went, the most first. `ended`: the cycle has ended
    since, so nothing that happens later can undo it.
    """

    due_at: Instant
    detected_at: Instant
    cause: str = ""
    held: tuple[TimeSpent, ...] = ()
    ended: bool = False


@contract(
    "sla.breach-withdrawn",
    SLA,
    CASES,
    label="breach_withdrawn",
    notice=notice(*OF_A_TARGET, recipients=("level",)),
    rule_members=("metric",),
    audience="desk",
)
class BreachWithdrawn(ClockEvent, frozen=True, kw_only=True):
    """What answered the target in time was recorded after the breach: the record `fact`."""

    fact: str


@contract(
    "sla.escalation-raised",
    SLA,
    CASES,
    label="escalation_raised",
    notice=notice(*OF_A_TARGET, "level", "role", "reason", recipients=("level",)),
    rule_members=("metric", "level", "why"),
    audience="desk",
)
class EscalationRaised(ClockEvent, frozen=True, kw_only=True):
    """The ladder's `level` was reached; `role` is who is told, `why` what raised it."""

    level: int
    role: str
    why: str


@contract(
    "sla.target-met",
    SLA,
    CASES,
    label="target_met",
    informs=True,
    rule_members=("metric",),
    audience="desk",
)
class TargetMet(ClosedCycle, frozen=True, kw_only=True):
    """The target was met; `elapsed` and `left` in microseconds of counted time."""

    elapsed: int
    left: int


@contract(
    "sla.target-answered",
    SLA,
    CASES,
    label="target_answered",
    notice=notice(*OF_A_TARGET, recipients=("level",)),
    rule_members=("metric",),
    audience="desk",
)
class TargetAnswered(ClockEvent, frozen=True, kw_only=True):
    """A target that had been missed was answered after all; it stays breached.

    `elapsed` and `left` in microseconds of counted time, `left` as a rule negative. The `levels`
    of the ladder that had been raised step down.
    """

    elapsed: int
    left: int
    levels: tuple[int, ...] = ()


@contract(
    "sla.target-excluded",
    SLA,
    CASES,
    label="target_excluded",
    rule_members=("metric",),
    audience="desk",
)
class TargetExcluded(ClosedCycle, frozen=True, kw_only=True):
    """The case ended without an answer to the target, which was not missed: unanswered.

    `elapsed` in microseconds of counted time.
    """

    elapsed: int


@contract(
    "sla.timer-fired",
    SLA,
    CASES,
    label="timer_fired",
    triggers=(Trigger(name="timer", about="timer", section="timers"),),
    notice=notice(),
    rule_members=("timer",),
    audience="desk",
    moves_clocks=True,
)
class TimerFired(Event, frozen=True, kw_only=True):
    """The time of a process timer has gone by: it was due at `due_at`, seen at `fired_at`.

    `cycle` counts from 1 how often it began, `rests_on` is the case version known then.
    """

    timer: str
    cycle: int
    rests_on: int
    due_at: Instant
    fired_at: Instant
