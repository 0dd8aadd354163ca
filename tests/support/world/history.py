"""The recorder of a log in memory: the twin of `LogRecorder`, for simulated worlds."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NoReturn
from uuid import UUID

from case_events.runtime import OutboxEntry
from case_events.testing.memory.state import State
from case_workflow.adapters.case_history import CaseHistory
from case_workflow.adapters.chain import ChainLink, Verification, Verified
from case_workflow.adapters.log_recorder import (
    NO_PARTITION,
    NO_SUBSCRIPTION,
    READ_ONLY,
)
from eventsourcing.persistence import (
    ApplicationRecorder,
    Notification,
    NotSupportedError,
    ProgrammingError,
    StoredEvent,
)

from tests.support.wire import codec


class MemoryLogRecorder(ApplicationRecorder):
    """Reads the events of any case in a memory log, and follows one partition of it."""

    def __init__(self, state: State, partition: int | None = None) -> None:
        self._state, self._partition = state, partition

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        found = [
            StoredEvent(originator_id, entry.version, entry.type, entry.value)
            for entries in self._state.entries.values()
            for entry in _history(entries)
            if entry.case == originator_id
            and entry.version > (gt or 0)
            and (lte is None or entry.version <= lte)
        ]
        found.sort(key=lambda event: event.originator_version, reverse=desc)
        return found[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = 0 if start is None else start - inclusive_of_start
        found = (
            Notification(entry.case, entry.version, entry.type, entry.value, id=entry.sequence)
            for entry in self._followed()
            if entry.case is not None
            and entry.sequence > after
            and (stop is None or entry.sequence <= stop)
            and (not topics or entry.type in topics)
        )
        return list(islice(found, limit))

    def max_notification_id(self) -> int | None:
        return max((entry.sequence for entry in self._followed()), default=None)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:
        raise NotSupportedError(READ_ONLY)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        raise NotSupportedError(NO_SUBSCRIPTION)

    def _followed(self) -> Iterable[OutboxEntry]:
        if self._partition is None:
            raise ProgrammingError(NO_PARTITION)
        return _history(self._state.entries[self._partition])


def _history(entries: Iterable[OutboxEntry]) -> list[OutboxEntry]:
    return [entry for entry in entries if entry.version > 0]


def case_history(state: State) -> CaseHistory:
    """The history of all cases in a log in memory."""
    return CaseHistory(lambda partition=None: MemoryLogRecorder(state, partition), codec)


def verify_case(state: State, case: UUID) -> Verified:
    """The hash chain of a case, recomputed as workflow does it."""

    def last_links(cases: Sequence[UUID]) -> Mapping[UUID, ChainLink]:
        snapshots = {case: state.snapshots[case] for case in cases if case in state.snapshots}
        return {
            case: ChainLink(one.version, one.digest)
            for case, one in snapshots.items()
            if one.version
        }

    verification = Verification(last_links, codec)
    verification.expect([case])
    verification.take(case_history(state).recorder.select_events(case))
    return verification.result()
