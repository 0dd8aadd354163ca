"""What is recorded of time is what the history leads to; and the check of it bites."""

from typing import Any

import pytest
from case_definition.calendar.instants import utc
from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event
from case_events.contracts.cases import AgreementApplied, PriorityAssessed, StatusChanged
from case_events.contracts.reference import AgreementPublished
from case_events.contracts.sla import BreachWithdrawn, DeadlineSet, TargetBreached
from case_sla.application.react import service
from msgspec.structs import replace

from tests.support.world.recomputed_clocks import check_recomputed
from tests.unit.sla_service.clock_story import (
    AGREEMENTS,
    ALWAYS,
    CREATED,
    MICROSECOND,
    OFFICE,
    START,
    WAIT,
    Story,
    after,
    comment,
    only,
    record_of,
    reference,
)


def _reading(calendar: dict[str, Any]) -> Reference:
    """Reference data that know the calendar `hours` as this one."""
    known = reference()
    terms = AGREEMENTS[0] | {"calendars": {"hours": calendar}}
    known.apply(record_of(AgreementPublished("sample/one/1", terms), START, 0))
    return known


def _due(known: Reference) -> list[Event]:
    """The deadlines that a new service, which reads this, gives a case late in the day."""
    react, state, facts = service().react, None, list[Event]()
    events = (CREATED, AgreementApplied("sample/one/1"), PriorityAssessed("P2"))
    for version, event in enumerate(events, 1):
        outcome = react(state, record_of(event, after(6), version), known)
        state, facts = outcome.state, [draft.event for draft in outcome.events]
    return facts


def test_a_service_counts_on_the_calendars_that_it_reads_itself() -> None:
    """C8: not on those that another service of the same process found under the same name."""
    (always,) = only(DeadlineSet, _due(_reading(ALWAYS)))
    (office,) = only(DeadlineSet, _due(_reading(OFFICE)))
    assert always.calendar == office.calendar
    assert always.due == after(10)
    assert office.due == after(26), "two hours left today, two tomorrow"


def test_a_change_in_time_that_is_recorded_late_moves_the_breach() -> None:
    """C8, C9: another due was missed than the one that was said."""
    story = Story("one")
    story.until(after(4) + WAIT)
    facts = story.tell(PriorityAssessed("P1", "P2", by="agent"), after(4) - MICROSECOND)
    (withdrawn,) = only(BreachWithdrawn, facts)
    (breach,) = only(TargetBreached, facts)
    assert facts.index(withdrawn) < facts.index(breach)
    assert (breach.due_at, breach.cause) == (after(1), "priority_assessed")
    assert story.back(facts, after(4.1)) == []
    check_recomputed(story.history, story.known, after(5))


def test_within_the_grace_nobody_need_have_said_that_it_is_late() -> None:
    """C8, C9: a breach is raised after it, and from then on it has to be there."""
    story = Story("one")
    story.back(story.opening, START)
    story.until(after(4))
    check_recomputed(story.history, story.known, after(4) + WAIT - MICROSECOND)
    with pytest.raises(AssertionError):
        check_recomputed(story.history, story.known, after(4) + WAIT)


def test_a_cycle_that_begins_without_a_due_leaves_the_breach_before_it_as_it_was() -> None:
    """C8, C9: it was missed as soon as it had a due; nothing is promised of the next exchange."""
    story = Story("")
    missed = story.tell(AgreementApplied("sample/talk/1"), after(3))
    assert only(TargetBreached, missed)
    story.back(missed, after(3))
    story.back(story.tell(comment(), after(3)), after(3))
    story.back(story.tell(AgreementApplied(""), after(4)), after(4))
    assert only(DeadlineSet, story.tell(comment("contact"), after(5))) == []
    check_recomputed(story.history, story.known, after(6))


def test_a_step_is_counted_that_was_taken_before_the_status_that_it_leaves_began() -> None:
    """C8, C11: a timer or a breach had set that status off before the step was recorded."""
    story, before = Story("one"), "new"
    for status, hours in (("solved", 0.75), ("new", 0.5), ("asked", 3), ("new", 1.5)):
        step = story.tell(StatusChanged(status, before), after(hours))
        story.back(step, after(hours))
        before = status
    check_recomputed(story.history, story.known, after(3))
    (*_, interval) = story.snapshot_state.time.clocks.history
    assert utc(interval.since) == after(3), "no status ends before it began"


def test_a_history_that_says_another_due_is_found_and_told_whole() -> None:
    """C8, C11: with all that it takes to come to it again."""
    story = Story("one")
    story.back(story.opening, START)
    check_recomputed(story.history, story.known, after(1))
    (deadline,) = (one for one in story.history if isinstance(one.data, DeadlineSet))
    other = replace(deadline, data=replace(deadline.data, due=after(4.5)))
    moved = [other if one is deadline else one for one in story.history]
    with pytest.raises(AssertionError) as found:
        check_recomputed(moved, story.known, after(1), ["seed 7"])
    for expected in ("seed 7", "S-0001", '"due":"2026-11-23T13:30:00Z"', str(deadline.case)):
        assert expected in str(found.value)
