"""A target that takes over warns by its own shares, and nobody is warned twice of one due."""

from datetime import datetime
from typing import Any

from case_events.contracts.base import Event
from case_events.contracts.cases import FieldsSet, StatusChanged
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineWarned,
    EscalationRaised,
    TargetAnswered,
    TargetBreached,
)

from tests.support.world.recomputed_clocks import check_recomputed
from tests.unit.sla_service.clock_story import (
    ESCALATION,
    START,
    WAIT,
    Story,
    after,
    only,
    reference,
)


def _target(extended: str, length: str, *warnings: float) -> dict[str, Any]:
    when = f"case.fields.extended == '{extended}'"
    return {"metric": "resolution", "name": extended or "first", "length": length,
            "elapsed": True, "when": when, "warnings": list(warnings)}  # fmt: skip


KNOWN = reference(
    fields=[{"name": "title", "type": "text"}, {"name": "extended", "type": "text"}],
    targets=[
        _target("", "PT4H", 0.5, 0.75),
        _target("twice", "PT8H", 0.5, 0.75),
        _target("a_bit", "PT5H", 0.5, 0.75),
        _target("silently", "PT8H"),
    ],
    escalation=[ESCALATION[0] | {"raised": [{"on": "warning"}, {"on": "breach"}]}],
)


def story(until: float) -> Story:
    """A case that was promised in four hours, left lying until then."""
    timeline = Story("", known=KNOWN)
    timeline.back(timeline.opening, START)
    timeline.until(after(until))
    return timeline


def extends(given: Story, extended: str, hours: float) -> list[Event]:
    """Another target takes over; what is said comes back into the history."""
    facts = given.tell(FieldsSet({"extended": extended}), after(hours))
    assert given.back(facts, after(hours)) == []
    return facts


def announced_later(given: Story) -> list[tuple[str, datetime]]:
    """What is said by itself from now on: shares, levels and breaches, and when."""
    before, found = len(given.history), list[tuple[str, datetime]]()
    given.until(after(99))
    for record in given.history[before:]:
        match record.data:
            case DeadlineWarned(share=share):
                found.append((f"{share}", record.occurred_at))
            case EscalationRaised(level=level, why=why):
                found.append((f"level {level} by {why}", record.occurred_at))
            case TargetBreached():
                found.append(("breach", record.occurred_at))
            case _:
                pass
    check_recomputed(given.history, KNOWN, after(99))
    return found


BREACH = ("breach", after(8) + WAIT)


def test_a_target_that_takes_over_warns_by_its_own_shares() -> None:
    """C9: and raises on its last warning what had been raised on that of the one before."""
    timeline = story(3.5)
    assert [one.share for one in only(DeadlineWarned, timeline.published)] == [0.5, 0.75]
    extends(timeline, "twice", 3.5)
    again = [("0.5", after(4)), ("0.75", after(6)), ("level 1 by warning", after(6))]
    assert announced_later(timeline) == [*again, BREACH]
    assert {one.due for one in only(DeadlineWarned, timeline.published)[2:]} == {after(8)}


def test_what_the_longer_target_has_reached_by_then_is_not_told_again() -> None:
    """C9: who extends knows; the due that moved is on record."""
    timeline = story(3.9)
    extends(timeline, "a_bit", 3.9)
    assert announced_later(timeline) == [("breach", after(5) + WAIT)]
    partly = story(2.7)
    extends(partly, "a_bit", 2.7)
    left = [("0.75", after(3.75)), ("level 1 by warning", after(3.75))]
    assert announced_later(partly) == [*left, ("breach", after(5) + WAIT)]


def test_there_and_back_again_nobody_is_warned_twice_of_one_due() -> None:
    """C9."""
    timeline = story(3.5)
    extends(timeline, "twice", 3.5)
    extends(timeline, "", 3.6)
    assert announced_later(timeline) == [("breach", after(4) + WAIT)]


def test_a_pause_puts_no_warning_off_that_was_told() -> None:
    """C9: the share stays reached, though the due moves."""
    timeline = story(2.1)
    for status, before, hours in (("asked", "new", 2.1), ("new", "asked", 3.1)):
        timeline.back(timeline.tell(StatusChanged(status, before), after(hours)), after(hours))
    left = [("0.75", after(4)), ("level 1 by warning", after(4))]
    assert announced_later(timeline) == [*left, ("breach", after(5) + WAIT)]


def test_a_target_that_takes_over_in_a_pause_warns_after_it() -> None:
    """C9."""
    timeline = story(3.1)
    timeline.back(timeline.tell(StatusChanged("asked", "new"), after(3.1)), after(3.1))
    extends(timeline, "twice", 3.2)
    timeline.back(timeline.tell(StatusChanged("new", "asked"), after(4.1)), after(4.1))
    again = [("0.5", after(5)), ("0.75", after(7)), ("level 1 by warning", after(7))]
    assert announced_later(timeline) == [*again, ("breach", after(9) + WAIT)]


def test_a_change_before_the_warning_that_is_recorded_after_it_puts_it_off() -> None:
    """C9."""
    timeline = story(2)
    extends(timeline, "twice", 1.9)
    again = [("0.5", after(4)), ("0.75", after(6)), ("level 1 by warning", after(6))]
    assert announced_later(timeline) == [*again, BREACH]


def test_a_change_in_time_that_undoes_a_breach_warns_again() -> None:
    """C9: it had been told, with the level that its warning raised."""
    timeline = story(3)
    timeline.back(timeline.fire(), after(4) + WAIT)
    assert only(BreachWithdrawn, extends(timeline, "twice", 3.9))
    again = [("0.5", after(4)), ("0.75", after(6)), ("level 1 by warning", after(6))]
    assert announced_later(timeline) == [*again, BREACH]


def test_a_breach_raises_what_the_warning_of_a_shorter_target_had_raised() -> None:
    """C9: whoever it was told to thinks of the due before the extension."""
    timeline = story(3.5)
    extends(timeline, "silently", 3.5)
    assert announced_later(timeline) == [BREACH, ("level 1 by breach", after(8) + WAIT)]


def test_a_warning_of_the_longer_target_that_got_lost_is_said_again() -> None:
    """C9: on newer ground, and once."""
    timeline = story(3.5)
    extends(timeline, "twice", 3.5)
    assert only(DeadlineWarned, timeline.fire())
    (again,) = timeline.tell(FieldsSet({"title": "x"}), after(4.1))
    assert isinstance(again, DeadlineWarned)
    assert timeline.back([again], after(4.1)) == []
    assert timeline.tell(FieldsSet({"title": "y"}), after(4.2)) == []


def test_what_was_raised_by_a_warning_before_steps_down_with_the_answer() -> None:
    """C9: no level was raised for the longer target itself."""
    timeline = story(3.5)
    extends(timeline, "silently", 3.5)
    (answered,) = only(TargetAnswered, timeline.tell(StatusChanged("solved"), after(9)))
    assert answered.levels == (1,)
