"""A counter for each case, which never exceeds ten: the pattern of every service, on one screen."""

from case_events.contracts.base import Event, contract
from case_events.envelope import Record
from case_events.kernel import Draft, Outcome, ReferenceData, Service, replay
from case_events.topics import CASES, COMMANDS
from msgspec import Struct

LIMIT = 10


@contract("example.count", label="count")
class Count(Event, frozen=True):
    """A command, in the imperative: add `by` to the counter of a case."""

    by: int


@contract("example.counted", label="counted")
class Counted(Event, frozen=True):
    """An event, in the past tense: `by` was added."""

    by: int


@contract("example.count-refused", label="count_refused")
class CountRefused(Event, frozen=True):
    """An event too: the command was refused, with the reason."""

    reason: str


class Counter(Struct, frozen=True):
    """The state of a case: the part of its history that decisions need."""

    total: int = 0


def decide(counter: Counter, command: Count) -> list[Event]:
    """The events that a command leads to in this state."""
    if counter.total + command.by > LIMIT:
        return [CountRefused(f"{counter.total} and {command.by} are more than {LIMIT}.")]
    return [Counted(command.by)]


def fold(counter: Counter, event: Event) -> Counter:
    """The state after one more event. It never fails, because the event has already happened."""
    return Counter(counter.total + event.by) if isinstance(event, Counted) else counter


def react(state: Counter | None, record: Record, reference: ReferenceData) -> Outcome[Counter]:
    """One record in; the next state and the events to publish out. No I/O, no clock, no
    randomness."""
    assert isinstance(record.data, Count)
    before = state or Counter()
    events = decide(before, record.data)
    return Outcome(
        state=replay(fold, before, events),
        events=tuple(Draft(topic=CASES, event=event) for event in events),
    )


COUNTER: Service[Counter, ReferenceData] = Service(
    name="counter", topics=(COMMANDS,), state_type=Counter, react=react
)
