"""The kernel: a service as a pure reaction to records, and the outcome that it returns.

A reaction uses no Kafka, SQL, clock or randomness. The runtime passes it the state of a case and
one record, and stores its outcome in one transaction with the position.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import reduce
from typing import Annotated, Generic, Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import PERSONAL
from case_events.envelope import Actor, Record

M = TypeVar("M")
State = TypeVar("State")


class Draft(Struct, frozen=True, kw_only=True):
    """A record to publish. A member without a value is taken from the record that caused it.

    The key of the record is its case, or its tenant on a topic without cases.
    """

    topic: str
    event: Event
    case: UUID | None = None
    tenant: str = ""
    actor: Actor | None = None
    channel: str = ""
    definition: str = ""
    occurred_at: datetime | None = None
    id: UUID | None = None


DORMANT = datetime(9999, 1, 1, tzinfo=UTC)
"""The due time of a dormant timer: see `Service.is_stale`."""


class Timer(Struct, frozen=True):
    """Set a timer of this case: `name` fires at `due`. A `due` of None clears the timer of that
    name."""

    name: str
    due: datetime | None


class Effect(Struct, frozen=True, kw_only=True):
    """A side effect in the world (a mail, a webhook), performed after the outcome is committed.

    `key` identifies the effect: an effect with a known key is performed once. `payload` is the
    input of its handler.
    """

    key: str
    kind: str
    payload: bytes


class Document(Struct, frozen=True):
    """A document stored with the state of a case. Reactions write documents and never load them."""

    key: str
    content: bytes


class Outcome(Struct, Generic[M], frozen=True, kw_only=True):
    """The outcome of a reaction: the next state, and the events, timers, effects and documents to
    store."""

    state: M
    events: tuple[Draft, ...] = ()
    timers: tuple[Timer, ...] = ()
    effects: tuple[Effect, ...] = ()
    documents: tuple[Document, ...] = ()


@contract("runtime.timer-due", label="timer_due")
class TimerDue(Event, frozen=True):
    """A timer of this case fell due. The runtime makes this record itself; it is on no topic."""

    name: str
    due: datetime


@contract("runtime.effect-done", label="effect_done")
class EffectDone(Event, frozen=True, kw_only=True):
    """An effect was performed, or given up. The runtime makes this record itself; it is on no
    topic.

    `result` is `done` or `failed`. `uncertain` is true if an earlier attempt may have succeeded
    too.
    """

    key: str
    kind: str
    payload: Annotated[bytes, PERSONAL]
    result: str
    attempts: int
    detail: str = ""
    uncertain: bool = False


@contract("runtime.cause", label="cause")
class Cause(Event, frozen=True):
    """Stands for the data of the record that caused a timer or an effect."""


class ReferenceData(Protocol):
    """Reference data (definitions, agreements, directory) as one replica knows it."""

    def apply(self, record: Record) -> None:
        """Apply one record of a reference topic."""

    def knows(self, record: Record) -> bool:
        """Return whether this replica has the versions of reference data that the record was made
        under."""


R_contra = TypeVar("R_contra", bound=ReferenceData, contravariant=True)


class React(Protocol[M, R_contra]):
    """A service's reaction: pure and total. It returns the same outcome for the same arguments.

    `state` is None for a case without a state.
    """

    def __call__(self, state: M | None, record: Record, reference: R_contra) -> Outcome[M]: ...


R = TypeVar("R", bound=ReferenceData)


class OnTopic(Protocol):
    """An item that came from a topic. `topic` is empty for a record of the runtime itself."""

    @property
    def topic(self) -> str: ...


W = TypeVar("W", bound=OnTopic)


class Service(Struct, Generic[M, R], frozen=True, kw_only=True):
    """A service as a value, which `bootstrap.py` passes to the runtime.

    `topics` are the topics that it reads, those with records of people first: within a batch, the
    records of a case are processed in this order. `state_type` is the type of a case's state.
    `writes_history` is true for the one service whose events on `cases` form the chained history.
    `is_stale` returns, for the name of a dormant timer, whether reference data have changed so that
    the timer has to be woken. `reacts_to` are the events that the reaction acts on, None for all:
    records of other known events are not decoded, except the first record of a case.
    """

    name: str
    topics: tuple[str, ...]
    state_type: type[M]
    react: React[M, R]
    writes_history: bool = False
    is_stale: Callable[[str, R], bool] | None = None
    reacts_to: frozenset[type[Event]] | None = None

    def in_order(self, work: Sequence[W]) -> list[W]:
        """Return the items in the order of `topics`, so that people come before machines. The order
        within each topic stays."""
        read = [item for topic in self.topics for item in work if item.topic == topic]
        return [*read, *(item for item in work if item.topic not in self.topics)]


def replay(fold: Callable[[State, Event], State], start: State, events: Iterable[Event]) -> State:
    """Return the state that a history of events gives, from `start`."""
    return reduce(fold, events, start)
