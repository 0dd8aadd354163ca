"""Tests of a service: they call its functions, without servers."""

from datetime import UTC, datetime
from uuid import UUID

from case_events.contracts.base import Event, type_name
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Outcome, replay

from examples.counter.service import Count, Counted, Counter, CountRefused, decide, fold, react

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASE = UUID(int=1)


class NoReference:
    """The counter needs no reference data: no definition, no agreement, no directory."""

    def apply(self, record: Record) -> None:
        """Do nothing."""

    def knows(self, record: Record) -> bool:
        return True


def asked(counter: Counter | None, by: int) -> Outcome[Counter]:
    command = Count(by)
    record = Record(
        id=UUID(int=2), type=type_name(command), source="portal/0", tenant="acme",
        occurred_at=NOW, recorded_at=NOW, actor=SYSTEM, channel="api", correlation=UUID(int=2),
        case=CASE, data=command,
    )  # fmt: skip
    return react(counter, record, NoReference())


def test_what_is_asked_happens() -> None:
    outcome = asked(None, 3)
    assert [draft.event for draft in outcome.events] == [Counted(3)]
    assert outcome.state == Counter(3)


def test_what_would_pass_the_limit_is_refused_and_changes_nothing() -> None:
    outcome = asked(Counter(8), 3)
    assert [draft.event for draft in outcome.events] == [CountRefused("8 and 3 are more than 10.")]
    assert outcome.state == Counter(8)


def test_the_state_is_the_fold_of_the_history() -> None:
    """Replaying the events of a case gives its state again, so nothing else has to be stored."""
    history: list[Event] = []
    for by in (4, 5, 6, 1):
        history += decide(replay(fold, Counter(), history), Count(by))
    assert replay(fold, Counter(), history) == Counter(10)
