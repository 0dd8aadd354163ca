"""What sla and notify report: taken over unchanged, once, while it holds."""

from datetime import timedelta
from typing import Any

import pytest
from case_events.contracts.base import Event
from case_events.contracts.commands import AddComment, AssessPriority, ChangeStatus
from case_events.contracts.notices import NoticeFailed, NoticeSent, NoticeSuppressed
from case_events.contracts.parts import WrittenContent
from case_events.contracts.sla import (
    BreachWithdrawn,
    DeadlineSet,
    DeadlineWarned,
    EscalationRaised,
    TargetBreached,
    TargetMet,
)
from msgspec.structs import replace

from tests.unit.workflow.workflow_desk import ANNA, BO, CY, START, Desk, opened, record

NOTE = AddComment(public=True, personal=WrittenContent(text="Hello"))


def about(rests_on: int = 5, cycle: int = 1, target: str = "resolution") -> dict[str, Any]:
    return {"target": target, "cycle": cycle, "rests_on": rests_on}


def breached(**of: Any) -> TargetBreached:
    return TargetBreached(due_at=START, detected_at=START, **about(**of))


def warned(share: float = 0.5, **of: Any) -> DeadlineWarned:
    return DeadlineWarned(share=share, due=START, **about(**of))


def raised(level: int = 1, **of: Any) -> EscalationRaised:
    return EscalationRaised(level=level, role="lead", why="breach", **about(**of))


def withdrawn(**of: Any) -> BreachWithdrawn:
    return BreachWithdrawn(fact="x", **about(**of))


MET = TargetMet(elapsed=1, left=1, **about(1))
SET = DeadlineSet(due=START, elapsed=0, reason="x", calendar="c", tz_version="t", **about(1))
NOTICE = {"notice": "created", "about": 1, "recipient": "contact/anna"}
NOTICES: list[Event] = [
    NoticeSent(**NOTICE),  # type: ignore[arg-type]
    NoticeFailed(attempts=3, error="no such box", **NOTICE),  # type: ignore[arg-type]
    NoticeSuppressed(reason="no address", **NOTICE),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("fact", [breached(), warned(), raised(), MET, SET, *NOTICES])
def test_a_fact_is_taken_over_unchanged(fact: Event) -> None:
    """C9: with its own actor, at its own time."""
    desk = opened()
    outcome = desk.take(record(fact, minute=9))
    assert [draft.event for draft in outcome.events] == [fact]
    assert [draft.actor for draft in outcome.events] == [None]
    assert desk.version == 6


@pytest.mark.parametrize("fact", [breached(), warned(), raised()])
def test_a_fact_that_a_later_event_overtook_is_dropped(fact: Event) -> None:
    """C9: sla sees that event too, and decides again."""
    desk = opened()
    desk.ask(NOTE)
    before = desk.state
    assert desk.ask(fact) == []
    assert desk.state == before


def test_what_moves_no_clock_overtakes_nothing() -> None:
    desk = opened()
    for other in (warned(), NOTICES[0], SET):
        assert desk.ask(other)
    assert desk.ask(breached()) == [breached()]


@pytest.mark.parametrize("fact", [breached(), warned(), raised()])
def test_a_fact_is_on_record_once_a_cycle(fact: Event) -> None:
    desk = opened()
    assert desk.ask(fact)
    assert desk.ask(fact) == []


def test_each_share_level_target_and_cycle_is_a_fact_of_its_own() -> None:
    desk = opened()
    for fact in (
        warned(0.5), warned(0.75), raised(1), raised(2), breached(), breached(target="assessment"),
        breached(cycle=2), warned(0.5, cycle=2), raised(1, cycle=2),
    ):  # fmt: skip
        assert desk.ask(fact) == [fact]


def test_a_fact_of_a_cycle_that_is_over_is_dropped() -> None:
    desk = opened()
    desk.ask(warned(cycle=2))
    for fact in (breached(), warned(), raised(), MET, withdrawn()):
        assert desk.ask(fact) == []


def test_only_a_breach_on_record_is_withdrawn_once() -> None:
    desk = opened()
    assert desk.ask(withdrawn()) == []
    desk.ask(breached())
    assert desk.ask(withdrawn(target="assessment")) == []
    desk.ask(NOTE)
    assert desk.ask(withdrawn(rests_on=7)) == [withdrawn(rests_on=7)]
    assert desk.ask(withdrawn(rests_on=7)) == []


def test_after_a_withdrawal_the_same_clock_may_be_missed_after_all() -> None:
    desk = opened()
    for fact in (breached(), withdrawn(), breached()):
        assert desk.ask(fact) == [fact]


def test_facts_of_machines_are_no_conflict_for_people() -> None:
    """C15: only what a person changed after `seen` is."""
    desk = opened()
    seen = desk.version
    for fact in (warned(), breached(), raised(), SET, MET, *NOTICES):
        desk.ask(fact)
    assert desk.ask(AssessPriority(priority="P1", seen=seen), BO)
    assert desk.ask(ChangeStatus(transition="ask", seen=seen, personal=NOTE.personal), CY)


def test_a_machine_speaks_of_no_case_that_is_not_there() -> None:
    assert Desk().refused(breached()) == ("unknown", "case", "exists")


def test_time_never_runs_back() -> None:
    """What happened before the last event but comes after it is told at the last event's time."""
    desk = opened()
    desk.take(record(NOTE, BO, 9))
    (late,) = desk.take(record(NOTE, ANNA, 8)).events
    assert late.occurred_at == record(NOTE, BO, 9).occurred_at
    (machine,) = desk.take(record(breached(rests_on=7), minute=8)).events
    assert machine.occurred_at == late.occurred_at


@pytest.mark.parametrize("rests_on", [4, 5])
def test_a_report_does_not_move_time(rests_on: int) -> None:
    """C9: who answered before a breach and is recorded after it, answered in time."""
    desk = opened()
    desk.take(record(breached(rests_on=rests_on), minute=60))
    (comment,) = desk.take(record(NOTE, ANNA, 30)).events
    assert comment.occurred_at == record(NOTE, ANNA, 30).occurred_at


def test_the_breach_of_a_cycle_that_has_ended_since_holds_whatever_came_after_it() -> None:
    """C9: sla was away, and the next exchange has begun; nothing can undo it, and it is once."""
    desk = opened()
    assert desk.ask(warned(cycle=2))
    assert desk.ask(NOTE)
    ended = replace(breached(), ended=True)
    assert desk.ask(ended) == [ended]
    assert desk.ask(ended) == []
    assert desk.state is not None
    clock = desk.state.case.clocks["resolution"]
    assert (clock.cycle, clock.missed, clock.breached) == (2, (1,), False)


def test_another_due_may_be_warned_of_and_escalated_anew() -> None:
    """C9: a longer target took over; what a breach raised stays raised, and a due said twice is
    no other one."""
    desk = opened()
    published = [SET, warned(0.75), replace(raised(1), why="warning"), raised(2)]
    for fact in published:
        assert desk.ask(fact)
    assert desk.ask(SET)
    assert [desk.ask(fact) for fact in published[1:]] == [[], [], []]
    assert desk.ask(replace(SET, due=None))
    assert desk.ask(replace(SET, due=START + timedelta(hours=1)))
    assert [desk.ask(fact) for fact in published[1:]] == [[published[1]], [published[2]], []]
