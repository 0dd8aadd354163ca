"""Proves histories unaltered: recomputes the hash chain of each case."""

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
"""What no verification can see: whoever may write to the database can make the log and the
snapshots agree. Checkpoints that are signed and stored elsewhere would show it."""


class Flaw(Struct, frozen=True):
    """The first event of a case that does not fit, and why."""

    case: UUID
    version: int
    why: str


class Verified(Struct, frozen=True, kw_only=True):
    """What a verification read, every case that does not fit, and what it could not have seen."""

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
"""The link from which each of these cases goes on, as its snapshot names it."""


class Verification:
    """Follows the chains of many cases at once: events of different cases may come mixed.

    The events of one case come in order, and all that there are: a head that no event reaches is
    that of a case whose last events are missing. A case may go on while it is verified.
    """

    def __init__(self, heads: Heads, codec: Codec) -> None:
        self._heads, self._codec = heads, codec
        self._chains: dict[int, _Chain] = {}
        self._events = 0

    def expect(self, cases: Sequence[UUID]) -> None:
        """These cases have the events that their snapshots name, if any."""
        heads = self._heads(cases)
        self._chains.update({case.int: _Chain(case, heads.get(case)) for case in cases})

    def take(self, events: Sequence[StoredEvent]) -> None:
        """The next events, in the order in which they were written."""
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
        """What was found in all events that came."""
        chains = self._chains.values()
        return Verified(
            cases=sum(chain.version > 0 for chain in chains),
            events=self._events,
            flaws=tuple(flaw for chain in chains if (flaw := chain.result())),
        )


class _Chain:
    """The chain of one case, as far as it was followed: `version` is 0 before its first event."""

    __slots__ = ("_case", "_digest", "_flaw", "_head", "version")

    def __init__(self, case: UUID, head: ChainLink | None) -> None:
        self._case, self._head = case, head
        self.version, self._digest = 0, ""
        self._flaw: Flaw | None = None

    def take(self, event: StoredEvent, codec: Codec) -> None:
        """Follow the chain to the next event. What comes after the first flaw is not judged."""
        hashed = digest(event.state)
        if self._flaw is None:
            self._flaw = self._misfit(event, hashed, codec)
        self.version, self._digest = event.originator_version, hashed

    def result(self) -> Flaw | None:
        """The first event that does not fit, after all have come."""
        if self._flaw is None and self._head is not None and self.version < self._head.version:
            return Flaw(self._case, self.version + 1, "it is missing")
        return self._flaw

    def _misfit(self, event: StoredEvent, hashed: str, codec: Codec) -> Flaw | None:
        """The flaw that shows at this event: its own, or that of the one before."""
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
