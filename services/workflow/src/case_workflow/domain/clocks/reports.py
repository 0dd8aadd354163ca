"""What machines report of a case: taken into the history if it still holds, once."""

from case_events.contracts.base import Event
from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockFact,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
    TimerFired,
)

from case_workflow.domain.case import Case
from case_workflow.domain.clocks.state import RecordedClock


def still_holds(case: Case, fact: Event) -> bool:
    """Whether a fact of sla or notify belongs in the history now.

    A warning, breach or escalation that rests on a version before the last event that may have
    moved a clock is dropped: sla sees that event too, and decides again. The breach of a cycle
    that has ended since always holds.
    """
    if isinstance(fact, TimerFired):
        fresh = fact.cycle > case.timers.get(fact.timer, 0)
        return fresh and fact.rests_on >= case.clock_version
    if not isinstance(fact, ClockFact):
        return True
    clock = case.clocks.get(fact.target, RecordedClock())
    if isinstance(fact, TargetBreached):
        current = fact.rests_on >= case.clock_version and fact.cycle >= clock.cycle
        return (fact.ended or current) and fact.cycle not in clock.missed
    if fact.cycle < clock.cycle:
        return False
    if fact.cycle > clock.cycle:
        clock = RecordedClock(fact.cycle)
    match fact:
        case DeadlineWarned(share=share):
            return fact.rests_on >= case.clock_version and share not in clock.warned
        case EscalationRaised(level=level):
            return fact.rests_on >= case.clock_version and level not in clock.levels
        case BreachWithdrawn():
            return clock.breached
        case TargetAnswered():
            return clock.breached and not clock.answered
        case TargetExcluded():
            return not clock.breached and not clock.excluded
        case _:
            return True
