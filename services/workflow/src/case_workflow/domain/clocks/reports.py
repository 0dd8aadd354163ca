"""Reports of machines about a case: stored in the history once, if they still hold."""

from case_events.contracts.base import Event
from case_events.contracts.sla import (
    BreachWithdrawn,
    ClockEvent,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetExcluded,
    TimerFired,
)

from case_workflow.domain.case import Case
from case_workflow.domain.clocks.state import RecordedClock


def still_holds(case: Case, report: Event) -> bool:
    """Whether a report of sla or notify belongs in the history now.

    A warning, breach or escalation is dropped if it rests on a version before the last event
    that may have moved a clock: sla reads that event too, and decides again. The breach of a
    cycle that has ended since always holds.
    """
    if isinstance(report, TimerFired):
        fresh = report.cycle > case.timers.get(report.timer, 0)
        return fresh and report.rests_on >= case.clock_version
    if not isinstance(report, ClockEvent):
        return True
    clock = case.clocks.get(report.target, RecordedClock())
    if isinstance(report, TargetBreached):
        current = report.rests_on >= case.clock_version and report.cycle >= clock.cycle
        return (report.ended or current) and report.cycle not in clock.missed
    if report.cycle < clock.cycle:
        return False
    if report.cycle > clock.cycle:
        clock = RecordedClock(report.cycle)
    match report:
        case DeadlineWarned(share=share):
            return report.rests_on >= case.clock_version and share not in clock.warned
        case EscalationRaised(level=level):
            return report.rests_on >= case.clock_version and level not in clock.levels
        case BreachWithdrawn():
            return clock.breached
        case TargetAnswered():
            return clock.breached and not clock.answered
        case TargetExcluded():
            return not clock.breached and not clock.excluded
        case _:
            return True
