"""C8, H3: process timers fire once a cycle, at their time, unless the case went on before."""

from datetime import timedelta
from typing import Any

from case_events.contracts.base import Event
from case_events.contracts.cases import StatusChanged
from case_events.contracts.notices import NoticeSent
from case_events.contracts.sla import TimerFired

from tests.unit.sla_service.clock_story import (
    DEFINITION,
    OFFICE,
    WAIT,
    Story,
    after,
    comment,
    only,
    reference,
)

RATE = {"name": "rate", "after": "PT24H", "elapsed": True, "since": ["status:solved"]}
CLOSE = {"name": "close", "after": "PT48H", "elapsed": True, "since": ["status:solved"]}
REMIND = {
    "name": "remind",
    "after": 7200,
    "calendar": "office",
    "since": ["status:asked", "timer:remind"],
    "until": ["customer_reply"],
}
SILENCE = {"name": "silence", "after": "PT3H", "elapsed": True, "since": ["customer_reply"]}


def _story(*timers: dict[str, Any], agreement: str = "none", **changes: Any) -> Story:
    known = reference(timers=list(timers), calendars={"office": OFFICE}, **changes)
    return Story(agreement, known=known)


def _fired(facts: list[Event]) -> list[tuple[str, int]]:
    return [(fact.timer, fact.cycle) for fact in only(TimerFired, facts)]


def test_after_a_day_one_thing_and_after_two_another() -> None:
    """H3: elapsed time, nights and weekends included, each once."""
    story = _story(RATE, CLOSE)
    assert story.timer is None
    story.tell(StatusChanged("solved", "new"), after(1))
    assert story.timer == after(25) + WAIT
    (fact,) = story.fire()
    assert fact == TimerFired(
        timer="rate", cycle=1, rests_on=5, due_at=after(25), fired_at=after(25) + WAIT
    )
    story.back([fact], after(25) + WAIT)
    assert story.timer == after(49) + WAIT
    assert _fired(story.until(after(200))) == [("close", 1)]
    assert story.timer is None


def test_who_leaves_the_status_in_time_ends_the_timer_and_coming_back_begins_anew() -> None:
    """H3: a reopened case is not closed; solved again, it has its whole time again."""
    story = _story(CLOSE)
    story.tell(StatusChanged("solved", "new"), after(1))
    story.tell(StatusChanged("new", "solved"), after(40))
    assert story.timer is None
    story.tell(StatusChanged("solved", "new"), after(45))
    assert story.timer == after(93) + WAIT
    assert _fired(story.until(after(200))) == [("close", 2)]


def test_the_end_of_a_case_ends_its_timers() -> None:
    story = _story(SILENCE)
    story.tell(comment("contact"), after(1))
    story.tell(StatusChanged("closed", "new"), after(2))
    assert story.timer is None


def test_a_timer_begins_anew_with_each_of_its_events() -> None:
    """C8: three hours after the last message, not after the first."""
    story = _story(SILENCE)
    story.tell(comment("contact"), after(1))
    story.tell(comment("contact"), after(3))
    assert story.timer == after(6) + WAIT
    assert _fired(story.until(after(100))) == [("silence", 3)]


def test_a_timer_counts_the_hours_of_its_calendar_and_may_begin_itself_again() -> None:
    """C8: every two office hours until the contact answers."""
    story = _story(REMIND)
    story.tell(StatusChanged("asked", "new"), after(7))
    due = after(25)
    assert story.timer == due + WAIT, "an hour today, and one tomorrow"
    assert _fired(story.fire()) == [("remind", 1)]
    fact = only(TimerFired, story.published)[0]
    story.back([fact], due + WAIT)
    assert story.timer == due + timedelta(hours=2) + 2 * WAIT
    story.tell(comment("contact"), due + timedelta(hours=1))
    assert story.timer is None


def test_a_timer_stands_still_where_its_status_says_so() -> None:
    """C8: pausing and resuming by state."""
    statuses = [dict(status) for status in DEFINITION["statuses"]]
    statuses[1]["pauses"] = ["silence"]
    story = _story(SILENCE, statuses=statuses)
    story.tell(comment("contact"), after(1))
    story.tell(StatusChanged("asked", "new"), after(2))
    assert story.timer is None
    story.tell(StatusChanged("new", "asked"), after(12))
    assert story.timer == after(14) + WAIT


def test_what_was_overtaken_is_said_again_and_what_came_back_is_not() -> None:
    """C8: workflow drops a fact that rests on less than it knows; then it is due all the same."""
    story = _story(CLOSE)
    story.tell(StatusChanged("solved", "new"), after(1))
    assert _fired(story.fire()) == [("close", 1)]
    story.tell(NoticeSent(notice="x", about=1, recipient="contact/anna"), after(49.1))
    story.tell(comment(), after(49.2))
    assert _fired(story.published) == [("close", 1), ("close", 1)]
    story.back([only(TimerFired, story.published)[-1]], after(49.3))
    story.tell(comment(), after(49.4))
    assert len(only(TimerFired, story.published)) == 2


def test_sla_that_was_away_fires_with_the_true_due() -> None:
    """C8: surviving restarts, firing once."""
    story = _story(RATE, CLOSE)
    story.tell(StatusChanged("solved", "new"), after(1))
    facts = only(TimerFired, story.fire(after(300)))
    assert [(fact.timer, fact.due_at) for fact in facts] == [
        ("rate", after(25)),
        ("close", after(49)),
    ]


def test_timers_leave_targets_as_they_are() -> None:
    """C8, C9: the breach of a target, and a timer that runs beside it."""
    with_timer = _story({**SILENCE, "since": ["created"]}, agreement="one")
    without = Story("one")
    for story in (with_timer, without):
        story.until(after(20))
    kept = [fact for fact in with_timer.published if not isinstance(fact, TimerFired)]
    assert [type(fact) for fact in kept] == [type(fact) for fact in without.published]
    assert _fired(with_timer.published) == [("silence", 1)]
