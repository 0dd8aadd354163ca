"""What a service remembers of the cases it saw last, decoded: where the speed is."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Generic
from uuid import UUID

import msgspec
from msgspec import Struct

from case_events.kernel import M
from case_events.runtime.ports import Snapshot


class CachedState(Struct, Generic[M], frozen=True):
    """What is remembered of a case: state, last version of its history, hash of that event."""

    state: M
    version: int
    digest: str

    def snapshot(self) -> Snapshot:
        """The same as the log keeps it."""
        return Snapshot(msgspec.json.encode(self.state), self.version, self.digest)


class StateCache(Generic[M]):
    """A bounded cache, least recently used out first. Emptied when ownership is in doubt."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[UUID, CachedState[M]] = OrderedDict()

    def get(self, case: UUID) -> CachedState[M] | None:
        """What is known of a case, if it is still at hand."""
        known = self._known.get(case)
        if known is not None:
            self._known.move_to_end(case)
        return known

    def update(self, changed: Mapping[UUID, CachedState[M]]) -> None:
        """Take over what a certain commit changed."""
        for case, known in changed.items():
            self._known[case] = known
            self._known.move_to_end(case)
        while len(self._known) > self._size:
            self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()
