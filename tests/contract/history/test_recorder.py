"""Workflow's log is a recorder of the `eventsourcing` library: in PostgreSQL and in memory."""

from unittest import TestCase
from uuid import UUID, uuid4

import pytest
from case_events.contracts.base import type_name
from case_events.contracts.cases import FieldsSet
from case_workflow.adapters.case_history import CaseHistory
from eventsourcing.persistence import (
    MapperDeserialisationError,
    NotSupportedError,
    ProgrammingError,
    StoredEvent,
)
from msgspec.structs import replace

from tests.contract.history import inherited
from tests.contract.history.logs import LogUnderTest, append
from tests.support.wire import codec
from tests.unit.workflow.workflow_desk import record


@pytest.mark.parametrize(
    ("case", "name"),
    inherited.CASES,
    ids=[f"{case.__name__}-{name}" for case, name in inherited.CASES],
)
def test_the_librarys_own_tests_pass(log: LogUnderTest, case: type[TestCase], name: str) -> None:
    inherited.run(case, name, log)


def test_the_history_is_written_by_the_runtime_alone(log: LogUnderTest) -> None:
    recorder = log.recorders(1)
    with pytest.raises(NotSupportedError):
        recorder.insert_events([StoredEvent(uuid4(), 1, "topic", b"{}")])
    with pytest.raises(NotSupportedError):
        recorder.subscribe()


def test_a_position_is_one_of_a_partition(log: LogUnderTest) -> None:
    """Whoever names none is refused: one position for all partitions would lose events."""
    log.run(append(log.log, 1, [StoredEvent(uuid4(), 1, "topic", b"{}")]))
    for recorder in (log.recorders(), CaseHistory(log.recorders, codec).recorder):
        with pytest.raises(ProgrammingError):
            recorder.select_notifications(1, 10)
        with pytest.raises(ProgrammingError):
            recorder.max_notification_id()
    assert log.recorders(0).max_notification_id() is None
    assert log.recorders(1).max_notification_id() == 1


def test_a_case_is_read_whatever_its_partition(log: LogUnderTest) -> None:
    """What is no history stands in the log as well, and is not read."""
    first, second = uuid4(), uuid4()
    refused = StoredEvent(first, 0, "refused", b"{}")
    for partition, case in ((0, first), (3, second)):
        log.run(append(log.log, partition, [StoredEvent(case, 1, "topic", b"1"), refused]))
        log.run(append(log.log, partition, [refused, StoredEvent(case, 2, "topic", b"2")]))
    for case in (first, second):
        events = log.recorders().select_events(case)
        assert [event.state for event in events] == [b"1", b"2"]
    assert [one.id for one in log.recorders(3).select_notifications(1, 10)] == [1, 4]
    assert log.recorders(3).max_notification_id() == 4


def test_a_record_is_the_domain_event(log: LogUnderTest) -> None:
    """Stored bytes become records and the same bytes again."""
    written = replace(record(FieldsSet({"title": "x"}), minute=1), version=1)
    history = CaseHistory(log.recorders, codec)
    stored = history.mapper.to_stored_event(written)
    assert stored == StoredEvent(
        written.originator_id, 1, type_name(written.data), codec.encode(written)
    )
    log.run(append(log.log, 0, [stored]))
    assert list(history.events.get(written.originator_id)) == [written]
    assert history.recorder.select_events(written.originator_id) == [stored]


def test_a_stored_event_that_is_no_record_is_an_error_of_the_library(log: LogUnderTest) -> None:
    mapper = CaseHistory(log.recorders, codec).mapper
    with pytest.raises(MapperDeserialisationError):
        mapper.to_domain_event(StoredEvent(UUID(int=1), 1, "topic", b"{"))


def test_a_record_of_no_case_has_no_originator() -> None:
    with pytest.raises(ValueError, match="is of no case"):
        _ = replace(record(FieldsSet({"title": "x"})), case=None).originator_id
