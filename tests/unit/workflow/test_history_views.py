"""What readers of a history get of each event: from whatever version of its contract it is of."""

from typing import Any

import msgspec
import pytest
from case_events.contracts.base import label_of
from case_events.envelope import digest
from case_events.wire.codec import as_document
from case_workflow.adapters.history import CLOCK_TYPES
from case_workflow.adapters.history_views import LogEntry, recorded_event

from tests.contract.events.landed import GOLDEN
from tests.support.wire import codec

VALUES = [path.read_bytes() for path in sorted(GOLDEN.glob("*.json"))]


@pytest.mark.parametrize("value", VALUES, ids=[path.stem for path in sorted(GOLDEN.glob("*.json"))])
def test_an_entry_tells_the_event_as_it_is_read_today(value: bytes) -> None:
    """Old versions are upcast, and a change of status says from where to where."""
    record = codec.decode(value)
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(recorded_event(record, value)))
    data = msgspec.json.decode(msgspec.json.encode(as_document(record.data)))
    assert answer["data"] == data
    assert answer["type"] == label_of(record.data)
    assert answer["to_status"] == data.get("status", "")
    assert answer["from_status"] == (data.get("previous", "") if "status" in data else "")
    assert answer["digest"] == digest(value)


def test_a_line_of_the_log_holds_the_bytes_as_they_were_written() -> None:
    for value in VALUES:
        line = msgspec.json.encode(LogEntry(7, msgspec.Raw(value)))
        assert bytes(msgspec.json.decode(line, type=LogEntry).record) == value


def test_events_of_earlier_versions_move_clocks_too() -> None:
    """Tools that recompute ask for what moves clocks, under every name that it had."""
    for version in ("v1", "v2"):
        assert f"nl.casefold.case.priority-assessed.{version}" in CLOCK_TYPES
