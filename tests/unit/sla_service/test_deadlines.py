"""When a clock is due, and what moves that."""

from datetime import datetime
from typing import Any

import pytest
from case_definition.schema.agreements import compile_agreement
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.sla import BreachWithdrawn, DeadlineSet, TargetBreached, TargetMet
from msgspec.structs import replace

from tests.unit.sla_service.clock_story import (
    AGREEMENTS,
    CREATED,
    START,
    Story,
    after,
    comment,
    only,
    reference,
)

HOUR = 3_600_000_000


def dues(facts: list[Event]) -> list[tuple[str, datetime | None, str]]:
    return [(fact.target, fact.due, fact.reason) for fact in only(DeadlineSet, facts)]


def test_a_case_has_its_deadlines_from_its_agreement_and_priority() -> None:
    """C8, D4: counted from its creation, and the timer stands at the soonest instant."""
    story = Story("two")
    assert sorted(dues(story.opening)) == [
        ("first_response", after(1), "case_created"),
        ("resolution", after(4), "case_created"),
    ]
    (first, *_) = only(DeadlineSet, story.opening)
    assert (first.cycle, first.rests_on, first.elapsed) == (1, 3, 0)
    assert first.calendar == "sample/two/1#hours"
    assert first.tz_version
    assert story.timer is not None
    assert story.timer < after(2)


def test_what_everybody_is_promised_is_not_said_where_an_agreement_promises_more() -> None:
    """All that a case begins with is known before its first due is said."""
    own = {"metric": "resolution", "length": "P7D", "elapsed": True}
    story = Story("one", known=reference(targets=[own]))
    assert dues(story.opening) == [("resolution", after(4), "case_created")]
    without = Story("", known=reference(targets=[own]))
    assert dues(without.opening) == [("resolution", after(168), "case_created")]


@pytest.mark.parametrize("agreement", ["", "none"])
def test_without_a_promise_there_is_no_clock(agreement: str) -> None:
    """D17: no due, no timer, whatever happens."""
    story = Story(agreement)
    story.tell(StatusChanged("asked"), after(9))
    story.tell(comment(), after(99))
    story.tell(StatusChanged("closed"), after(999))
    assert story.published == []
    assert story.timer is None


def test_a_priority_without_a_target_has_no_clock_until_it_has_one() -> None:
    story = Story("one", "P3")
    assert story.published == []
    (now,) = story.tell(PriorityAssessed("P2", "P3", by="agent"), after(1))
    assert dues([now]) == [("resolution", after(4), "priority_assessed")]


def test_a_pause_takes_the_due_away_and_its_end_moves_it() -> None:
    """C8: per metric, by status."""
    story = Story("one")
    (stopped,) = story.tell(StatusChanged("asked"), after(1))
    assert isinstance(stopped, DeadlineSet)
    assert (stopped.due, stopped.elapsed, stopped.reason) == (None, HOUR, "status_changed")
    assert story.timer is None
    (moved,) = story.tell(StatusChanged("new"), after(11))
    assert isinstance(moved, DeadlineSet)
    assert (moved.due, moved.elapsed) == (after(14), HOUR)
    assert story.timer == after(12)


def test_another_priority_recounts_from_the_start() -> None:
    story = Story("one")
    facts = story.tell(PriorityAssessed("P1", "P2", by="agent"), after(0.25))
    assert dues(facts) == [("resolution", after(1), "priority_assessed")]
    assert story.timer == after(0.5)


def test_a_due_that_another_priority_puts_in_the_past_is_a_breach_at_once() -> None:
    story = Story("one")
    facts = story.tell(PriorityAssessed("P1", "P2", by="agent"), after(1.5))
    (breach,) = only(TargetBreached, facts)
    assert (breach.due_at, breach.detected_at) == (after(1), after(1.5))


def test_another_agreement_is_another_promise() -> None:
    story = Story("one")
    facts = story.tell(AgreementApplied("sample/none/1"), after(1))
    assert dues(facts) == [("resolution", None, "agreement_applied")]
    assert story.timer is None


def test_what_is_not_of_the_clocks_says_nothing() -> None:
    story = Story("one")
    timer = story.timer
    for event in (FieldsSet({"title": "x"}), CaseAssigned("desk"), comment(public=False)):
        assert story.tell(event, after(1)) == []
    assert story.tell(comment("contact"), after(1)) == []
    assert story.timer == timer


def test_a_target_is_met_and_its_due_is_over() -> None:
    """C8: with what it took and what was left."""
    story = Story("two")
    met, over = story.tell(comment(), after(0.5))
    assert isinstance(met, TargetMet)
    assert (met.target, met.elapsed, met.left) == ("first_response", HOUR // 2, HOUR // 2)
    assert met.rests_on == story.version
    assert dues([over]) == [("first_response", None, "comment_added")]
    assert story.tell(comment(), after(0.75)) == []


def test_at_the_due_it_is_met_and_a_microsecond_later_it_is_not() -> None:
    assert only(TargetMet, Story("one").tell(StatusChanged("solved"), after(4)))
    late = Story("one").tell(StatusChanged("solved"), after(4.000_001))
    assert not only(TargetMet, late)
    assert only(TargetBreached, late)


def test_a_case_that_is_solved_has_no_timer_any_more() -> None:
    story = Story("two")
    story.tell(comment(), after(0.5))
    story.tell(StatusChanged("solved"), after(1))
    assert story.timer is None
    assert story.tell(StatusChanged("closed"), after(2)) == []


def test_a_reopened_case_goes_on_where_it_was() -> None:
    """C8: the time between is not counted."""
    story = Story("one")
    story.tell(StatusChanged("solved"), after(1))
    (again,) = story.tell(StatusChanged("new", "solved"), after(11))
    assert dues([again]) == [("resolution", after(14), "status_changed")]
    (met, _) = story.tell(StatusChanged("solved"), after(12))
    assert isinstance(met, TargetMet)
    assert (met.elapsed, met.left) == (2 * HOUR, 2 * HOUR)


def test_what_nobody_answered_is_excluded_at_the_end() -> None:
    """Neither met nor breached: the first response of a case that was withdrawn."""
    story = Story("two")
    facts = story.tell(StatusChanged("closed"), after(0.5))
    assert not only(TargetMet, facts)
    assert {due for _, due, _ in dues(facts)} == {None}
    assert story.timer is None


def test_the_due_is_said_again_only_when_it_moved() -> None:
    story = Story("one")
    story.tell(StatusChanged("new"), after(0.1))
    story.tell(PriorityAssessed("P2", "P2", by="agent"), after(0.2))
    assert len(only(DeadlineSet, story.published)) == 1
    assert not only(BreachWithdrawn, story.published)


@pytest.mark.parametrize(
    ("fields", "hours"),
    [
        ({}, 8),
        ({"recurring": "true"}, 2),
        ({"recurring": "false", "users": "3"}, 8),
        ({"users": "250"}, 4),
        ({"users": "50.5"}, 4),
    ],
)
def test_the_rule_of_an_agreement_asks_fields_as_what_they_are(
    fields: dict[str, str], hours: int
) -> None:
    """C8: true or false, and a number; when a case is created, and when they are filled in."""

    def target(length: str, when: str | None = None) -> dict[str, Any]:
        return {"metric": "resolution", "name": length.lower(), "length": length, "when": when}

    known = reference(
        fields=[
            {"name": "title", "type": "text"},
            {"name": "recurring", "type": "boolean"},
            {"name": "users", "type": "number"},
        ]
    )
    terms = AGREEMENTS[0] | {
        "id": "asks",
        "targets": [
            target("PT2H", "case.fields.recurring"),
            target("PT4H", "case.fields.users > 50"),
            target("PT8H"),
        ],
    }
    known.add_agreement(compile_agreement(terms))
    begun = Story("asks", known=known, created=replace(CREATED, fields=fields))
    assert only(DeadlineSet, begun.opening)[-1].due == after(hours)
    later = Story("asks", known=known)
    assert only(DeadlineSet, later.opening)[-1].due == after(8)
    moved = only(DeadlineSet, later.tell(FieldsSet(fields), START))
    assert [one.due for one in moved] == ([] if hours == 8 else [after(hours)])
