"""The headers of a record: CloudEvents attributes in binary mode."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from case_events.contracts.cases import StatusChanged
from case_events.contracts.links import CommentPassedOn
from case_events.envelope import SYSTEM, Record
from case_events.topics import CASES
from case_events.wire.attributes import attributes_of

AT = datetime(2026, 3, 2, 9, 0, 0, 120, tzinfo=UTC)
OWN, FIRST, CAUSE, CASE = (UUID(int=number) for number in range(1, 5))


def record(**given: object) -> Record:
    """A record with what every record has, and what is given."""
    members = {
        "id": OWN, "type": "nl.casefold.case.status-changed.v1", "source": "workflow/3",
        "tenant": "acme", "occurred_at": AT, "recorded_at": AT, "actor": SYSTEM,
        "channel": "portal", "correlation": FIRST, "data": StatusChanged("done", "new", "finish"),
    }  # fmt: skip
    return Record(**members | given)  # type: ignore[arg-type]


def test_every_member_of_the_history_is_a_text_as_python_writes_it() -> None:
    given = attributes_of(record(case=CASE, causation=CAUSE, version=12), 7, CASES)
    assert given == {
        "ce_specversion": "1.0",
        "content-type": "application/json",
        "ce_id": str(OWN),
        "ce_type": "nl.casefold.case.status-changed.v1",
        "ce_source": "workflow/3",
        "ce_time": "2026-03-02T09:00:00.000120Z",
        "ce_tenant": "acme",
        "ce_sequence": "7",
        "ce_correlation": str(FIRST),
        "ce_case": str(CASE),
        "ce_causation": str(CAUSE),
        "ce_version": "12",
    }


def test_what_a_record_does_not_have_is_no_header() -> None:
    given = attributes_of(record(), 7, CASES)
    assert given.keys().isdisjoint({"ce_case", "ce_causation", "ce_version"})


@pytest.mark.parametrize("microsecond", [0, 1, 500_000, 999_999])
def test_a_time_has_the_form_that_earlier_records_have(microsecond: int) -> None:
    at = AT.replace(microsecond=microsecond)
    given = attributes_of(record(recorded_at=at), 7, CASES)
    assert given["ce_time"] == at.isoformat().replace("+00:00", "Z")


def test_what_a_reader_has_to_know_is_among_the_headers() -> None:
    passed_on = CommentPassedOn(str(OWN), "contact", FIRST, "WMS-1")
    assert attributes_of(record(data=passed_on), 7, CASES)["ce_purpose"] == "informs"
