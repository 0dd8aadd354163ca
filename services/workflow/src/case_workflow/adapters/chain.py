"""Proves histories unaltered: recomputes the hash chain of each case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from case_events.codec import Codec, UnreadableRecord
from case_events.envelope import digest
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


class Link(NamedTuple):
    """One link of a chain: the version of an event, and the SHA-256 of its value in hex."""

    version: int
    digest: str


Heads = Callable[[Sequence[UUID]], Mapping[UUID, Link]]
"""The link from which each of these cases goes on, as its snapshot names it."""


class Verification:
    """Follows the chains of many cases at once: events of different cases may come mixed.

    The events of one case come in order, and all that there are: a head that no event reaches is
    that of a case whose last events are missing. A case may go on while it is verified.
    """

    def __init__(self, heads: Heads, codec: Codec) -> None:
        self._heads_of, self._codec = heads, codec
        self._heads: dict[UUID, Link] = {}
        self._chains: dict[UUID, Link] = {}
        self._flaws: dict[UUID, Flaw] = {}
        self._events = 0

    def expect(self, cases: Iterable[UUID]) -> None:
        """These cases have the events that their snapshots name, if any."""
        self._heads.update(self._heads_of(list(cases)))

    def take(self, events: Sequence[StoredEvent]) -> None:
        """The next events, in the order in which they were written."""
        self.expect({_case(event) for event in events} - self._chains.keys())
        self._events += len(events)
        for event in events:
            case = _case(event)
            link = Link(event.originator_version, digest(event.state))
            if case not in self._flaws:
                before, head = self._chains.get(case), self._heads.get(case)
                if flaw := _misfit(self._codec, event, before) or _off_head(case, link, head):
                    self._flaws[case] = flaw
            self._chains[case] = link

    def result(self) -> Verified:
        """What was found in all events that came."""
        for case, head in self._heads.items():
            last = self._chains[case].version if case in self._chains else 0
            if last < head.version:
                self._flaws.setdefault(case, Flaw(case, last + 1, "it is missing"))
        return Verified(
            cases=len(self._chains), events=self._events, flaws=tuple(self._flaws.values())
        )


def _case(event: StoredEvent) -> UUID:
    assert isinstance(event.originator_id, UUID)
    return event.originator_id


def _misfit(codec: Codec, event: StoredEvent, before: Link | None) -> Flaw | None:
    """The flaw that shows at this event: its own, or that of the one before."""
    case, version = _case(event), event.originator_version
    expected = before.version + 1 if before else 1
    if version != expected:
        return Flaw(case, expected, "it is missing")
    try:
        record = codec.decode(event.state)
    except UnreadableRecord as error:
        return Flaw(case, version, f"it cannot be read: {error}")
    own = (record.case, record.version, record.type)
    if own != (case, version, event.topic):
        return Flaw(case, version, f"it says of itself that it is {own}")
    if before and record.previous != before.digest:
        return Flaw(case, before.version, "it is not what the next event was written after")
    return None


def _off_head(case: UUID, link: Link, head: Link | None) -> Flaw | None:
    if head and head.version == link.version and head.digest != link.digest:
        return Flaw(case, link.version, "it is not what the case goes on from")
    return None
