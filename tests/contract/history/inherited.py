"""The library's own tests of recorders, for a log that only the runtime writes to."""

from collections.abc import Sequence
from typing import Any
from unittest import TestCase, defaultTestLoader
from uuid import UUID

from case_events.runtime import WriteRejected
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
)
from eventsourcing.tests import persistence

from tests.contract.history.logs import LogUnderTest, append

PARTITION = 2


class WrittenAsTheRuntimeWrites(ApplicationRecorder):
    """A recorder of a log that only reads, with the runtime's way to write beside it.

    The library's tests number the events of an aggregate from 0 on; our histories begin at 1.
    """

    gives_ids = True

    def __init__(self, log: LogUnderTest) -> None:
        self._log, self._reads = log, log.recorders(PARTITION)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        if not stored_events:
            return None
        try:
            ids: list[int] = self._log.run(
                append(self._log.log, PARTITION, [_moved(event, 1) for event in stored_events])
            )
        except WriteRejected as error:
            raise IntegrityError(str(error)) from error
        return ids if self.gives_ids else None

    def select_events(
        self, originator_id: UUID | str, *, gt: int | None = None, lte: int | None = None,
        desc: bool = False, limit: int | None = None,
    ) -> Sequence[StoredEvent]:  # fmt: skip
        found = self._reads.select_events(
            originator_id,
            gt=None if gt is None else gt + 1,
            lte=None if lte is None else lte + 1,
            desc=desc,
            limit=limit,
        )
        return [_moved(event, -1) for event in found]

    def select_notifications(
        self, start: int | None, limit: int, stop: int | None = None, topics: Sequence[str] = (),
        *, inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:  # fmt: skip
        return self._reads.select_notifications(
            start, limit, stop, topics, inclusive_of_start=inclusive_of_start
        )

    def max_notification_id(self) -> int | None:
        return self._reads.max_notification_id()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Any:
        raise NotImplementedError


class OfAggregates(WrittenAsTheRuntimeWrites):
    """The library's recorders of aggregates give no notification ids."""

    gives_ids = False


def _moved(event: StoredEvent, by: int) -> StoredEvent:
    version = event.originator_version + by
    return StoredEvent(event.originator_id, version, event.topic, event.state)


class Aggregates(persistence.AggregateRecorderTestCase):
    log: LogUnderTest

    def create_recorder(self) -> ApplicationRecorder:
        return OfAggregates(self.log)


class Applications(persistence.ApplicationRecorderTestCase):
    log: LogUnderTest

    def create_recorder(self) -> ApplicationRecorder:
        return WrittenAsTheRuntimeWrites(self.log)


class NotificationIds(persistence.NonInterleavingNotificationIDsBaseCase):
    log: LogUnderTest

    def create_recorder(self) -> ApplicationRecorder:
        return WrittenAsTheRuntimeWrites(self.log)


CASES: list[tuple[type[TestCase], str]] = [
    (case, name)
    for case in (Aggregates, Applications, NotificationIds)
    for name in defaultTestLoader.getTestCaseNames(case)
]


def run(case: type[TestCase], name: str, log: LogUnderTest) -> None:
    """One of the library's tests, on an empty log."""
    test: Any = case(name)
    test.log = log
    getattr(test, name)()
