"""What a service is: a pure reaction to records, and what it answers.

A reaction knows no Kafka, no SQL, no clock and no dice. The runtime hands it what the service
remembers of a case and one record, and keeps its outcome in one transaction with the position.
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
    """A record to publish. What is not said is taken from the record that caused it.

    `key` is the case unless another case or a tenant is meant.
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
"""The due of a timer that stands by: see `Service.overtaken`."""


class Timer(Struct, frozen=True):
    """Wake this case at `due` under this name; None clears the timer of that name."""

    name: str
    due: datetime | None


class Effect(Struct, frozen=True, kw_only=True):
    """Something to do in the world (a mail, a webhook) once the outcome is kept.

    `key` makes it one, however often it is asked; `payload` is what the performer needs.
    """

    key: str
    kind: str
    payload: bytes


class Document(Struct, frozen=True):
    """A document kept beside the memory of a case, written and never recalled by reactions."""

    key: str
    content: bytes


class Outcome(Struct, Generic[M], frozen=True, kw_only=True):
    """What a reaction answers: what it remembers from now on, and what follows."""

    state: M
    events: tuple[Draft, ...] = ()
    timers: tuple[Timer, ...] = ()
    effects: tuple[Effect, ...] = ()
    documents: tuple[Document, ...] = ()


@contract("runtime.timer-due", label="timer_due")
class TimerDue(Event, frozen=True):
    """The runtime's own record: a timer of this case fell due. It is on no topic."""

    name: str
    due: datetime


@contract("runtime.effect-done", label="effect_done")
class EffectDone(Event, frozen=True, kw_only=True):
    """The runtime's own record: what became of an effect. It is on no topic.

    `result` is `done` or `failed`; `uncertain`: an attempt before may have worked too.
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
    """Stands for the data of a record that a timer or effect was caused by."""


class ReferenceData(Protocol):
    """Reference data (definitions, agreements, directory) as one replica knows it."""

    def apply(self, record: Record) -> None:
        """Take over one record of a reference topic."""

    def knows(self, record: Record) -> bool:
        """Whether the versions that the record was made under have arrived here."""


R_contra = TypeVar("R_contra", bound=ReferenceData, contravariant=True)


class React(Protocol[M, R_contra]):
    """A service's reaction: pure, total, the same answer for the same arguments.

    `state` is None for a case not seen before.
    """

    def __call__(self, state: M | None, record: Record, reference: R_contra) -> Outcome[M]: ...


R = TypeVar("R", bound=ReferenceData)


class OnTopic(Protocol):
    """Something that came by a topic; by none, where the runtime made it itself."""

    @property
    def topic(self) -> str: ...


W = TypeVar("W", bound=OnTopic)


class Service(Struct, Generic[M, R], frozen=True, kw_only=True):
    """A service as a value: handed to the runtime in `bootstrap.py`.

    `topics` are its topics, people's before machines': a case's records are taken in that
    order within a batch. `state_type` is the type of its memory. `writes_history` is true for
    the one service whose facts on `cases` make the chained history. `is_stale` says of the name
    of a timer that stands by whether reference data have changed so that it must be woken.
    `reacts_to` are the events that the reaction acts on, None for all: records of other known
    events are not read, but for the first of a case.
    """

    name: str
    topics: tuple[str, ...]
    state_type: type[M]
    react: React[M, R]
    writes_history: bool = False
    is_stale: Callable[[str, R], bool] | None = None
    reacts_to: frozenset[type[Event]] | None = None

    def in_order(self, work: Sequence[W]) -> list[W]:
        """People before machines: by the order of `topics`, which keeps each topic's own."""
        read = [item for topic in self.topics for item in work if item.topic == topic]
        return [*read, *(item for item in work if item.topic not in self.topics)]


def replay(fold: Callable[[State, Event], State], start: State, events: Iterable[Event]) -> State:
    """The state that a history of events makes, from a start."""
    return reduce(fold, events, start)
