"""A cache of the decoded states of cases, which saves most of the database's and decoder's work."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Generic
from uuid import UUID

import msgspec
from msgspec import Struct

from case_events.kernel import M
from case_events.runtime.ports import Snapshot


class CachedState(Struct, Generic[M], frozen=True):
    """The state of a case, the last version of its history, and the hash of that event."""

    state: M
    version: int
    digest: str

    def snapshot(self) -> Snapshot:
        """Return it in the form in which the log stores it."""
        return Snapshot(msgspec.json.encode(self.state), self.version, self.digest)


class StateCache(Generic[M]):
    """A bounded cache that evicts the least recently used state. It is emptied when ownership is in
    doubt."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[UUID, CachedState[M]] = OrderedDict()

    def get(self, case: UUID) -> CachedState[M] | None:
        """Return the cached state of a case, or None."""
        known = self._known.get(case)
        if known is not None:
            self._known.move_to_end(case)
        return known

    def update(self, changed: Mapping[UUID, CachedState[M]]) -> None:
        """Apply the changes of a commit that certainly succeeded."""
        for case, known in changed.items():
            self._known[case] = known
            self._known.move_to_end(case)
        while len(self._known) > self._size:
            self._known.popitem(last=False)

    def clear(self) -> None:
        """Remove everything."""
        self._known.clear()
