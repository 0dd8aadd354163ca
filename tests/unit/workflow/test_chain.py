"""The hash chain of a case: whatever was altered shows, and where."""

import dataclasses
from collections.abc import Mapping, Sequence
from uuid import UUID

from case_events.contracts.base import type_name
from case_events.contracts.cases import FieldsSet
from case_events.envelope import digest
from case_workflow.adapters.chain import ChainLink, Flaw, Verification
from eventsourcing.persistence import StoredEvent
from msgspec.structs import replace

from tests.support.wire import codec
from tests.unit.workflow.workflow_desk import CASE, record


def chain(length: int = 3) -> list[StoredEvent]:
    """A sound history, as it is read from the log."""
    stored: list[StoredEvent] = []
    for version in range(1, length + 1):
        event = FieldsSet({"title": str(version)})
        before = digest(stored[-1].state) if stored else ""
        recorded = replace(record(event, minute=version), version=version, previous=before)
        stored.append(StoredEvent(CASE, version, type_name(event), codec.encode(recorded)))
    return stored


def head(stored: list[StoredEvent]) -> ChainLink:
    """The link from which the case goes on after these events."""
    return ChainLink(stored[-1].originator_version, digest(stored[-1].state))


def flaws(stored: list[StoredEvent], last_links: Mapping[UUID, ChainLink] = {}) -> list[Flaw]:
    """What is found where the events come one by one, and the same where they come at once."""

    def last_links_of(cases: Sequence[UUID]) -> dict[UUID, ChainLink]:
        return {case: last_links[case] for case in cases if case in last_links}

    one_by_one, at_once = Verification(last_links_of, codec), Verification(last_links_of, codec)
    for event in stored:
        one_by_one.take([event])
    at_once.take(stored)
    assert one_by_one.result() == at_once.result()
    assert at_once.result().events == len(stored)
    return list(at_once.result().flaws)


def test_a_sound_chain_has_no_flaw() -> None:
    assert flaws(chain(), {CASE: head(chain())}) == []
    assert flaws(chain(1), {CASE: head(chain(1))}) == []


def test_a_case_that_goes_on_while_it_is_verified_has_no_flaw() -> None:
    assert flaws(chain(3), {CASE: head(chain(2))}) == []


def test_an_altered_event_does_not_fit_the_next() -> None:
    """C11: the event that was altered is named, not the one where it shows."""
    one, two, three = chain()
    altered = dataclasses.replace(two, state=two.state.replace(b'"2"', b'"9"'))
    assert altered.state != two.state
    assert flaws([one, altered, three], {CASE: head(chain())}) == [
        Flaw(CASE, 2, "it is not what the next event was written after")
    ]


def test_an_altered_last_event_is_not_what_the_case_goes_on_from() -> None:
    one, two, three = chain()
    altered = dataclasses.replace(three, state=three.state.replace(b'"3"', b'"9"'))
    assert flaws([one, two, altered], {CASE: head(chain())}) == [
        Flaw(CASE, 3, "it is not what the case goes on from")
    ]


def test_a_missing_event_is_named() -> None:
    one, two, three = chain()
    assert flaws([one, three], {CASE: head(chain())}) == [Flaw(CASE, 2, "it is missing")]
    assert flaws([two, three], {CASE: head(chain())})[0] == Flaw(CASE, 1, "it is missing")


def test_a_tail_that_the_snapshot_still_names_is_missing() -> None:
    """C11: the events before it fit, so that the head alone shows it."""
    assert flaws(chain(2), {CASE: head(chain(3))}) == [Flaw(CASE, 3, "it is missing")]


def test_a_case_that_has_a_snapshot_and_no_event_is_missing() -> None:
    verification = Verification(lambda cases: {CASE: head(chain())}, codec)
    verification.expect([CASE])
    assert verification.result().flaws == (Flaw(CASE, 1, "it is missing"),)


def test_an_event_that_says_it_is_another_is_found() -> None:
    one, *_ = chain()
    for changed in (
        dataclasses.replace(one, originator_id=UUID(int=9)),
        dataclasses.replace(one, topic="nl.casefold.case.assigned.v1"),
    ):
        (flaw,) = flaws([changed])
        assert (flaw.version, flaw.why[:26]) == (1, "it says of itself that it ")


def test_what_cannot_be_read_is_a_flaw() -> None:
    (flaw,) = flaws([dataclasses.replace(chain(1)[0], state=b"{")])
    assert flaw.why.startswith("it cannot be read: ")


def test_what_no_verification_can_see_has_no_flaw_and_is_said() -> None:
    """C11: a tail cut off, a case deleted whole, a chain written anew, each with its snapshot."""
    cut = chain(3)[:2]
    assert flaws(cut, {CASE: head(cut)}) == []
    assert flaws([], {}) == []
    anew = [dataclasses.replace(chain(1)[0], state=chain(1)[0].state.replace(b'"1"', b'"9"'))]
    assert flaws(anew, {CASE: head(anew)}) == []
    text = " ".join(Verification(lambda cases: {}, codec).result().not_seen)
    for alteration in ("last events of a case deleted", "deleted whole", "written anew"):
        assert alteration in text
