"""The hash chain of a case: whatever was altered shows, and where."""

from uuid import UUID

from case_events.contracts.base import type_name
from case_events.contracts.cases import FieldsSet
from case_events.envelope import digest
from case_workflow.adapters.history import Flaw, _misfit, _Stored
from msgspec.structs import replace

from tests.support.wire import codec
from tests.unit.workflow.workflow_desk import CASE, record


def chain(length: int = 3) -> list[_Stored]:
    """A sound history, as it is read from the log."""
    stored: list[_Stored] = []
    for version in range(1, length + 1):
        event = FieldsSet({"title": str(version)})
        before = digest(stored[-1].value) if stored else ""
        told = replace(record(event, minute=version), version=version, previous=before)
        value = codec.encode(told)
        stored.append(_Stored(CASE, version, type_name(event), value, False, ""))
    return [*stored[:-1], stored[-1]._replace(is_head=True, head=digest(stored[-1].value))]


def flaws(stored: list[_Stored]) -> list[Flaw]:
    pairs = zip(stored, [None, *stored[:-1]], strict=True)
    return [flaw for event, before in pairs if (flaw := _misfit(codec, event, before))]


def test_a_sound_chain_has_no_flaw() -> None:
    assert flaws(chain()) == []
    assert flaws(chain(1)) == []


def test_an_altered_event_does_not_fit_the_next() -> None:
    """C11: the event that was altered is named, not the one where it shows."""
    one, two, three = chain()
    altered = two._replace(value=two.value.replace(b'"2"', b'"9"'))
    assert altered.value != two.value
    assert flaws([one, altered, three]) == [
        Flaw(CASE, 2, "it is not what the next event was written after")
    ]


def test_an_altered_last_event_is_not_what_the_case_goes_on_from() -> None:
    one, two, three = chain()
    altered = three._replace(value=three.value.replace(b'"3"', b'"9"'))
    assert flaws([one, two, altered]) == [Flaw(CASE, 3, "it is not what the case goes on from")]


def test_a_missing_event_is_named() -> None:
    one, two, three = chain()
    assert flaws([one, three]) == [Flaw(CASE, 2, "it is missing")]
    assert flaws([two, three])[0] == Flaw(CASE, 1, "it is missing")


def test_an_event_that_says_it_is_another_is_found() -> None:
    one, *_ = chain()
    for changed in (
        one._replace(case=UUID(int=9)),
        one._replace(type="nl.casefold.case.assigned.v1"),
    ):
        (flaw,) = flaws([changed])
        assert (flaw.version, flaw.why[:26]) == (1, "it says of itself that it ")


def test_what_cannot_be_read_is_a_flaw() -> None:
    (flaw,) = flaws([chain(1)[0]._replace(value=b"{")])
    assert flaw.why.startswith("it cannot be read: ")
