"""Workflow's log as a read-only recorder of the `eventsourcing` library.

One partition of the log is one application sequence of the library; its notification ids are the
sequences of the partition. A writer reserves sequences under the lock of the partition's log
position and holds that lock until it commits, so events become visible in the order of their ids.
A follower therefore misses no event, and waits neither for another partition nor for another
transaction on the server.
"""

from collections.abc import Sequence
from typing import Any, LiteralString, NoReturn, Protocol
from uuid import UUID

from case_events.runtime.postgres import load_statements
from eventsourcing.persistence import (
    ApplicationRecorder,
    InterfaceError,
    Notification,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.utils import retry

MAX_BIGINT = (1 << 63) - 1

STATEMENTS = load_statements("case_workflow.adapters", "recorder")

READ_ONLY = "only workflow's runtime writes the history, in one transaction with its state"
NO_PARTITION = "a position belongs to a partition: make a recorder of that partition"
NO_SUBSCRIPTION = "followers ask for the next page; see the page about following the history"

# A dead connection of the pool is noticed when it is used; the second attempt gets a new one.
_again = retry((InterfaceError, OperationalError), max_attempts=2)


class RowSource(Protocol):
    """Selects rows from workflow's database."""

    def rows(self, query: LiteralString, values: Sequence[Any]) -> list[tuple[Any, ...]]: ...


class LogRecorder(ApplicationRecorder):
    """Reads the events of any case, and follows one partition of the log.

    A recorder without a partition only reads cases. `topic` is the stable type name of an event,
    `state` its bytes as they were written.
    """

    def __init__(self, datastore: RowSource, partition: int | None = None) -> None:
        self._datastore, self._partition = datastore, partition

    @_again
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of a case in the order of the versions, or in reverse order with `desc`."""
        query = STATEMENTS["events_backwards"] if desc else STATEMENTS["events"]
        values = (originator_id, gt or 0, MAX_BIGINT if lte is None else lte, limit)
        return [StoredEvent(originator_id, *row) for row in self._datastore.rows(query, values)]

    @_again
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """At most `limit` events of the partition from `start` to `stop`, in order."""
        after = 0 if start is None else start - inclusive_of_start
        until = MAX_BIGINT if stop is None else stop
        types = list(topics) or None
        values = (self._followed(), after, until, types, types, limit)
        rows = self._datastore.rows(STATEMENTS["notifications"], values)
        return [
            Notification(case, version, type_name, value, id=position)
            for position, case, version, type_name, value in rows
        ]

    @_again
    def max_notification_id(self) -> int | None:
        """The position of the last event of the partition; None if it has no event."""
        rows = self._datastore.rows(STATEMENTS["last_notification"], (self._followed(),))
        last: int | None = rows[0][0]
        return last

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:
        """Raises `NotSupportedError`."""
        raise NotSupportedError(READ_ONLY)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        """Raises `NotSupportedError`."""
        raise NotSupportedError(NO_SUBSCRIPTION)

    def _followed(self) -> int:
        if self._partition is None:
            raise ProgrammingError(NO_PARTITION)
        return self._partition
