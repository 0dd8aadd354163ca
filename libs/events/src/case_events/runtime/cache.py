"""What a service remembers of the cases it saw last, decoded: where the speed is."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Generic
from uuid import UUID

import msgspec
from msgspec import Struct

from case_events.kernel import M
from case_events.runtime.ports import Remembered


class Known(Struct, Generic[M], frozen=True):
    """What is remembered of a case: state, last version of its history, hash of that event."""

    state: M
    version: int
    digest: str

    def remembered(self) -> Remembered:
        """The same as the log keeps it."""
        return Remembered(msgspec.json.encode(self.state), self.version, self.digest)


class Cache(Generic[M]):
    """A bounded cache, least recently used out first. Emptied when ownership is in doubt."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[UUID, Known[M]] = OrderedDict()

    def get(self, case: UUID) -> Known[M] | None:
        """What is known of a case, if it is still at hand."""
        known = self._known.get(case)
        if known is not None:
            self._known.move_to_end(case)
        return known

    def update(self, changed: Mapping[UUID, Known[M]]) -> None:
        """Take over what a certain commit changed."""
        for case, known in changed.items():
            self._known[case] = known
            self._known.move_to_end(case)
        while len(self._known) > self._size:
            self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()
