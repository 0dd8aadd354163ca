"""Verifies histories: recomputes the hash chain of each case."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from case_events.envelope import digest
from case_events.wire.codec import Codec, UnreadableRecord
from eventsourcing.persistence import StoredEvent
from msgspec import Struct

NOT_SEEN = (
    "the last events of a case deleted, with its snapshot set back to the event before them",
    "a case deleted whole, together with its snapshot",
    "the events of a case written anew as a chain that fits, together with its snapshot",
)
"""Alterations that no verification finds: a person with write access to the database can change the
log and the snapshots consistently. Signed checkpoints in another place would reveal them."""


class Flaw(Struct, frozen=True):
    """The first event of a case that does not fit the hash chain, and the reason."""

    case: UUID
    version: int
    why: str


class Verified(Struct, frozen=True, kw_only=True):
    """The result of a verification: the numbers of cases and events that it read, a flaw for each
    case that does not fit, and the alterations that it cannot find."""

    cases: int = 0
    events: int = 0
    flaws: tuple[Flaw, ...] = ()
    not_seen: tuple[str, ...] = NOT_SEEN

    def __add__(self, other: "Verified") -> "Verified":
        return Verified(
            cases=self.cases + other.cases,
            events=self.events + other.events,
            flaws=self.flaws + other.flaws,
        )


class ChainLink(NamedTuple):
    """One link of a chain: the version of an event, and the SHA-256 of its value in hex."""

    version: int
    digest: str


Heads = Callable[[Sequence[UUID]], Mapping[UUID, ChainLink]]
"""Returns the last link of each of these cases, as its snapshot has it."""


class Verification:
    """Follows the hash chains of many cases. Events of different cases may be mixed.

    The caller passes all events of a case, in order. A snapshot with a higher version than the last
    event means that the last events are missing. New events of a case during the verification do no
    harm.
    """

    def __init__(self, heads: Heads, codec: Codec) -> None:
        self._heads, self._codec = heads, codec
        self._chains: dict[int, _Chain] = {}
        self._events = 0

    def expect(self, cases: Sequence[UUID]) -> None:
        """Expect the events of these cases up to the versions of their snapshots."""
        heads = self._heads(cases)
        self._chains.update({case.int: _Chain(case, heads.get(case)) for case in cases})

    def take(self, events: Sequence[StoredEvent]) -> None:
        """Verify the next events, in the order in which they were written."""
        of_case: defaultdict[int, list[StoredEvent]] = defaultdict(list)
        for event in events:
            of_case[_case(event).int].append(event)
        new = of_case.keys() - self._chains.keys()
        self.expect([_case(of_case[case][0]) for case in new])
        self._events += len(events)
        for case, its_events in of_case.items():
            chain = self._chains[case]
            for event in its_events:
                chain.take(event, self._codec)

    def result(self) -> Verified:
        """The result for all events so far."""
        chains = self._chains.values()
        return Verified(
            cases=sum(chain.version > 0 for chain in chains),
            events=self._events,
            flaws=tuple(flaw for chain in chains if (flaw := chain.result())),
        )


class _Chain:
    """The hash chain of one case up to `version`, which is 0 before the first event."""

    __slots__ = ("_case", "_digest", "_flaw", "_head", "version")

    def __init__(self, case: UUID, head: ChainLink | None) -> None:
        self._case, self._head = case, head
        self.version, self._digest = 0, ""
        self._flaw: Flaw | None = None

    def take(self, event: StoredEvent, codec: Codec) -> None:
        """Verify the next event. Events after the first flaw are not verified."""
        hashed = digest(event.state)
        if self._flaw is None:
            self._flaw = self._misfit(event, hashed, codec)
        self.version, self._digest = event.originator_version, hashed

    def result(self) -> Flaw | None:
        """The first event that does not fit, once all events were taken."""
        if self._flaw is None and self._head is not None and self.version < self._head.version:
            return Flaw(self._case, self.version + 1, "it is missing")
        return self._flaw

    def _misfit(self, event: StoredEvent, hashed: str, codec: Codec) -> Flaw | None:
        """The flaw that this event reveals: its own, or a flaw of the event before it."""
        case, version, head = self._case, event.originator_version, self._head
        if version != self.version + 1:
            return Flaw(case, self.version + 1, "it is missing")
        try:
            record = codec.decode(event.state)
        except UnreadableRecord as error:
            return Flaw(case, version, f"it cannot be read: {error}")
        own = (record.version, record.type, record.case)
        if own != (version, event.topic, case):
            return Flaw(case, version, f"it says of itself that it is {own}")
        if self.version and record.previous != self._digest:
            return Flaw(case, self.version, "it is not what the next event was written after")
        if head is not None and head.version == version and head.digest != hashed:
            return Flaw(case, version, "it is not what the case goes on from")
        return None


def _case(event: StoredEvent) -> UUID:
    assert isinstance(event.originator_id, UUID)
    return event.originator_id
