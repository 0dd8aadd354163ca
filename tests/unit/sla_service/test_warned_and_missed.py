"""Warnings, breaches, the ladder: each once, at its time, and again only when it got lost."""

from datetime import datetime, timedelta

import pytest
from case_clocks.explanation import explain
from case_definition.calendar.instants import HOUR, instant_of
from case_events.contracts.base import Event
from case_events.contracts.cases import FieldsSet, StatusChanged
from case_events.contracts.notices import NoticeSent
from case_events.contracts.parts import TimeSpent
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
    TargetMet,
)

from tests.unit.sla_service.clock_story import (
    MICROSECOND,
    START,
    WAIT,
    Story,
    after,
    comment,
    only,
)

SENT = NoticeSent(notice="x", about=1, recipient="contact/anna")


def missed(agreement: str = "one") -> Story:
    """A case whose resolution was breached; the facts are still on their way."""
    story = Story(agreement)
    story.until(after(3))
    story.fire()
    assert only(TargetBreached, story.published)
    return story


def test_warnings_come_at_their_shares() -> None:
    """C9: each once, with the due."""
    story = Story("one")
    assert story.timer == after(2)
    (half,) = story.fire()
    assert half == DeadlineWarned(target="resolution", cycle=1, rests_on=4, share=0.5, due=after(4))
    assert story.timer == after(3)
    (more,) = story.fire()
    assert isinstance(more, DeadlineWarned)
    assert more.share == 0.75
    assert story.timer == after(4) + WAIT


def test_a_breach_is_raised_after_the_grace_and_not_a_microsecond_earlier() -> None:
    """C9: once, with its true due."""
    story = Story("one")
    story.until(after(3))
    assert story.timer == after(4) + WAIT
    early = Story("one")
    early.until(after(3))
    early.timer = after(4) + WAIT - MICROSECOND
    assert early.fire() == []
    assert early.timer == after(4) + WAIT
    breach, level = story.fire()
    assert breach == TargetBreached(
        target="resolution",
        cycle=1,
        rests_on=story.version,
        due_at=after(4),
        detected_at=after(4) + WAIT,
        agreement="sample/one/1",
        held=(TimeSpent(hands="", status="new", counted=4 * HOUR),),
    )
    assert isinstance(level, EscalationRaised)


@pytest.mark.parametrize("event", [SENT, FieldsSet({"title": "x"}), comment(public=False)])
def test_what_is_not_of_the_clocks_never_finds_a_breach(event: Event) -> None:
    """C9: only the timer, which waits for the partition to be read, may."""
    story = Story("one")
    story.until(after(3))
    assert story.tell(event, after(9)) == []
    assert story.timer == after(4) + WAIT
    assert only(TargetBreached, story.fire(after(9)))


def test_a_breach_is_missing_on_record_only_once_the_grace_is_over() -> None:
    """C11: before that, what was recorded is what the history leads to."""
    story = Story("one")
    story.back(story.opening, START)
    story.until(after(3))

    def agrees(at: datetime) -> bool:
        (one,) = explain(story.history, story.known, instant_of(at))
        assert one.missed == (instant_of(after(4)) if at > after(4) else None)
        return one.agrees

    over = after(4) + WAIT
    asked = (after(4), after(4) + MICROSECOND, over - MICROSECOND, over)
    assert [agrees(at) for at in asked] == [True, True, True, False]
    story.back(story.fire(), over)
    assert agrees(over)


def test_what_is_late_is_raised_with_its_true_due() -> None:
    """C9: sla was away for a day; all of it comes at once, in order."""
    facts = Story("one").fire(after(30))
    assert [type(fact) for fact in facts] == [TargetBreached, *[EscalationRaised] * 3]
    (breach,) = only(TargetBreached, facts)
    assert (breach.due_at, breach.detected_at) == (after(4), after(30))


def test_the_ladder_is_climbed_rung_by_rung_each_once() -> None:
    """C9, D1: at the breach, an hour after it, two hours after it."""
    story = missed()
    story.back(
        only(TargetBreached, story.published) + only(EscalationRaised, story.published), after(4.1)
    )
    assert story.timer == after(5)
    story.until(after(99))
    levels = only(EscalationRaised, story.published)
    assert [(fact.level, fact.role, fact.why) for fact in levels] == [
        (1, "role1", "breach"),
        (2, "role2", "breach"),
        (3, "role3", "breach"),
    ]
    assert len(only(TargetBreached, story.published)) == 1
    assert story.timer is None


def test_a_rung_for_one_metric_is_not_climbed_for_another() -> None:
    story = Story("two")
    story.tell(StatusChanged("solved"), after(2))
    story.until(after(99))
    levels = only(EscalationRaised, story.published)
    assert [(fact.target, fact.level) for fact in levels] == [
        ("first_response", 1),
        ("first_response", 2),
    ]


def test_no_rung_is_climbed_once_it_was_answered() -> None:
    story = missed()
    story.back(story.published[-2:], after(4.1))
    (answered,) = story.tell(StatusChanged("solved"), after(4.5))
    assert isinstance(answered, TargetAnswered)
    assert (answered.elapsed, answered.left, answered.levels) == (4.5 * HOUR, -0.5 * HOUR, (1,))
    assert story.timer is None


def test_an_agreement_may_have_its_own_ladder_and_the_last_warning_raises_it() -> None:
    story = Story("own")
    half = story.fire()
    assert [type(fact) for fact in half] == [DeadlineWarned]
    more = story.fire()
    assert [type(fact) for fact in more] == [DeadlineWarned, EscalationRaised]
    assert only(EscalationRaised, more)[0].why == "warning"
    story.until(after(99))
    assert len(only(EscalationRaised, story.published)) == 1


def test_a_rung_with_two_reasons_is_climbed_once() -> None:
    story = Story("twice")
    story.until(after(99))
    assert [fact.why for fact in only(EscalationRaised, story.published)] == ["warning"]
    late = Story("twice")
    assert [fact.why for fact in only(EscalationRaised, late.fire(after(99)))] == ["breach"]


def test_a_rung_may_be_working_days_after_the_breach() -> None:
    """Missed on Monday at 13:00, and so raised on Tuesday at 13:00."""
    story = missed("days")
    assert not only(EscalationRaised, story.published)
    assert story.timer == after(28)
    assert only(EscalationRaised, story.fire())


def test_what_came_back_is_not_said_again() -> None:
    story = Story("one")
    warned = story.fire()
    assert story.back(warned, after(2)) == []
    assert story.tell(comment(), after(2.1)) == []
    assert story.tell(SENT, after(2.2)) == []


def test_what_workflow_dropped_is_said_again_on_newer_ground() -> None:
    """C9: an event that may move clocks overtook the fact, so the history does not have it."""
    story = Story("one")
    (lost,) = story.fire()
    assert isinstance(lost, DeadlineWarned)
    (again,) = story.tell(comment(), after(2.1))
    assert isinstance(again, DeadlineWarned)
    assert (again.share, again.rests_on) == (0.5, story.version)
    assert again.rests_on > lost.rests_on
    assert story.back([again], after(2.2)) == []
    assert story.tell(comment(), after(2.3)) == []


def test_a_dropped_breach_and_its_levels_are_said_again() -> None:
    story = missed()
    again = story.tell(comment(), after(4.1))
    assert [type(fact) for fact in again] == [TargetBreached, EscalationRaised]
    assert {fact.rests_on for fact in only(TargetBreached, again)} == {story.version}


def test_what_moves_no_clock_makes_nothing_be_said_again() -> None:
    story = Story("one")
    story.fire()
    assert story.tell(SENT, after(2.1)) == []


def test_a_dropped_fact_that_no_longer_holds_is_not_said_again() -> None:
    story = Story("one")
    story.fire()
    facts = story.tell(StatusChanged("asked"), after(2.1))
    assert not only(DeadlineWarned, facts)


def test_a_breach_is_withdrawn_when_an_answer_in_time_is_recorded_after_it() -> None:
    """C9: it names the record that was in time, and the target counts as met."""
    story = missed()
    story.back(story.published[-2:], after(4) + WAIT)
    facts = story.tell(StatusChanged("solved"), after(4) - MICROSECOND)
    (withdrawn,) = only(BreachWithdrawn, facts)
    assert (withdrawn.target, withdrawn.cycle) == ("resolution", 1)
    assert withdrawn.fact == f"00000000-0000-0000-0000-{story.version:012x}"
    assert withdrawn.rests_on == story.version
    (met,) = only(TargetMet, facts)
    assert met.left == 1
    assert story.back(facts, after(4.1)) == []
    assert story.timer is None


def test_a_clock_that_was_not_missed_may_be_missed_after_all() -> None:
    """The pause was in time; what came after it was not."""
    story = missed()
    story.back(story.published[-2:], after(4) + WAIT)
    paused = story.tell(StatusChanged("asked"), after(3.5))
    assert only(BreachWithdrawn, paused)
    story.back(paused, after(4.1))
    story.tell(StatusChanged("new"), after(10))
    story.until(after(10.75))
    (breach,) = only(TargetBreached, story.published[-4:])
    assert breach.due_at == after(10.5)


def test_an_answer_in_the_grace_is_late_and_one_in_time_is_not() -> None:
    story = Story("one")
    story.until(after(3))
    late = story.tell(StatusChanged("solved"), after(4) + MICROSECOND)
    assert [type(fact) for fact in late] == [TargetBreached, TargetAnswered]
    in_time = Story("one")
    in_time.until(after(3))
    assert only(TargetMet, in_time.tell(StatusChanged("solved"), after(4)))
    assert not only(TargetBreached, in_time.published)


def test_each_exchange_is_a_cycle_with_its_own_warnings_and_what_was_said_stays_bounded() -> None:
    """C8, C9: a case that is talked about for years."""
    story = Story("talk")
    sizes = set()
    for day in range(1, 200):
        began = after(24 * day)
        story.tell(comment(), began - timedelta(hours=1))
        story.tell(comment("contact"), began)
        warned = only(DeadlineWarned, story.until(began + timedelta(minutes=30)))
        assert [(fact.cycle, fact.share) for fact in warned] == [(day + 1, 0.5)]
        sizes.add(len(story.snapshot_state.announced))
    assert max(sizes) <= 8
    assert len(story.snapshot_state.dues) <= 4
