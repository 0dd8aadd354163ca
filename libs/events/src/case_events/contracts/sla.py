"""The clocks of a case, as sla reports them. Each event names the case version that it rests on.
Workflow checks it again, and copies into the history the events that still hold."""

from case_events.contracts.base import Event, contract
from case_events.contracts.declared import OF_A_TARGET, Trigger, notice
from case_events.contracts.parts import Instant, TimeSpent
from case_events.topics import CASES, SLA


class ClockEvent(Event, frozen=True, kw_only=True):
    """The clock of one target. `cycle` counts from 1, and `rests_on` is the version of the last
    event of the case that sla had reacted to."""

    target: str
    cycle: int
    rests_on: int

    @property
    def metric(self) -> str:
        """The name of the target, as far as the event gives it."""
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
    """The due time of a running clock was set or moved. None: paused, or no longer running.

    `elapsed` is counted time in microseconds. `reason` is the label of the event that moved it,
    `case_created` for everything that belongs to the creation.
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
    """The elapsed share (0 to 1) of a target reached a warning level. `due` is when it will be
    missed."""

    share: float
    due: Instant


class ClosedCycle(ClockEvent, frozen=True, kw_only=True):
    """The result of a cycle, with its `agreement` (`tenant/id/version`, or `tenant/version` for the
    definition's own targets) and the `promised` share of cases."""

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
    """The target was missed at `due_at`, which was detected at `detected_at`. It happens once a
    cycle.

    `cause` is the label of the event that moved the due time into the past, empty if the time ran
    out. `held` is the distribution of the counted time, the largest part first. `ended`: the cycle
    has ended since, so no later event can undo the breach.
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
    """The breach was withdrawn: the record `fact`, recorded later, met the target in time."""

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
    """The escalation reached `level`. `role` is who is notified, and `why` what raised the
    level."""

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
    """The target was met. `elapsed` and `left` are counted time in microseconds."""

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
    """A missed target was met late. It stays breached.

    `elapsed` and `left` are counted time in microseconds; `left` is usually negative. The raised
    `levels` of the escalation end.
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
    """The case ended before the target was met or missed: the target is excluded.

    `elapsed` is counted time in microseconds.
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
    """A timer of the process fell due at `due_at`, and fired at `fired_at`.

    `cycle` counts its starts, from 1, and `rests_on` is the version of the last event of the case
    that sla had reacted to.
    """

    timer: str
    cycle: int
    rests_on: int
    due_at: Instant
    fired_at: Instant
