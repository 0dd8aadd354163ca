"""The ladder: by breach, by time after it, by priority; once a cycle; down when it is answered."""

from datetime import datetime

from case_events.contracts.base import Event
from case_events.contracts.cases import PriorityAssessed, StatusChanged
from case_events.contracts.sla import EscalationRaised, TargetAnswered, TargetBreached

from tests.unit.sla_service.clock_story import WAIT, Story, after, comment, only


def raised(story: Story) -> list[tuple[int, datetime]]:
    """The levels that were raised, and when."""
    found: list[tuple[int, datetime]] = []
    while story.timer is not None and story.timer <= after(99):
        at, facts = story.timer, story.fire()
        found += [(fact.level, at) for fact in only(EscalationRaised, facts)]
        story.back(facts, at)
    return found


def test_a_rung_waits_its_time_after_the_breach() -> None:
    """C9: two hours, under a priority that does not hurry it."""
    assert raised(Story("urgent", "P2")) == [(1, after(4) + WAIT), (2, after(6))]


def test_a_rung_is_raised_at_once_by_a_priority() -> None:
    """C9: the same rung, at the breach itself."""
    assert raised(Story("urgent", "P1")) == [(1, after(1) + WAIT), (2, after(1) + WAIT)]


def test_a_priority_that_rises_after_the_breach_raises_its_rung_then() -> None:
    """C9: and once: its time after the breach does not raise it again."""
    story = Story("urgent", "P2")
    story.until(after(5))
    facts = story.tell(PriorityAssessed("P1", "P2", by="agent"), after(5))
    assert [fact.level for fact in only(EscalationRaised, facts)] == [2]
    story.back(facts, after(5))
    assert raised(story) == []


def test_what_was_raised_steps_down_when_it_is_answered() -> None:
    """C9: late, and told with the levels that had been raised."""
    story = Story("urgent", "P2")
    story.until(after(7))
    published: list[Event] = story.tell(StatusChanged("solved"), after(7))
    (answered,) = only(TargetAnswered, published)
    assert answered.levels == (1, 2)
    assert len(only(TargetBreached, story.published)) == 1
    assert raised(story) == []


def test_the_second_escalation_of_a_day_is_told_like_the_first() -> None:
    """C9: another exchange missed on the same day; nobody says that one was sent today already."""
    story = Story("talk")
    first = raised(story)
    story.tell(comment(), after(5))
    story.tell(comment("contact"), after(6))
    second = raised(story)
    assert [level for level, _ in first] == [level for level, _ in second] == [1, 2]
    assert {at.date() for _, at in first + second} == {after(0).date()}
