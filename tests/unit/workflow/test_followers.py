"""C10, C11: who follows a merged case hears of the other one, until the merge is undone."""

from uuid import UUID

import pytest
from case_events.contracts.links import ForwardWatchers, MergeCase, UndoMerge, WatchersJoined
from case_events.contracts.parts import Person, WatcherDetails
from case_events.contracts.people import AddWatcher, RemoveWatcher
from case_events.contracts.reference import EntryChanged
from case_workflow.domain.people.decide import MAX_WATCHERS

from tests.unit.workflow.linked_cases import Cases
from tests.unit.workflow.workflow_desk import record

GRACE, KIM, CY = "contact/grace", "contact/kim", "agent/cy"
ILSE = Person("ilse@elsewhere.example", "Ilse")


def followed(cases: Cases, number: int, *watchers: str) -> UUID:
    """A case of Anna's that these follow."""
    case = cases.open(number)
    for watcher in watchers:
        cases.ask(case, AddWatcher(watcher=watcher))
    return case


def merge(cases: Cases, case: UUID, into: UUID) -> None:
    cases.ask(case, MergeCase(reference=cases.case(into).reference, case=into))


def hear(cases: Cases, case: UUID) -> list[str]:
    """Who hears of a case."""
    return sorted(cases.case(case).people.following())


def joined(cases: Cases, case: UUID) -> list[WatchersJoined]:
    return [event for event in cases.history[case] if isinstance(event, WatchersJoined)]


def test_they_join_with_the_merge_and_leave_with_its_undoing() -> None:
    """Each once; who followed the other case by themselves stays, and the merged case keeps its
    own."""
    cases = Cases()
    living, merged = followed(cases, 1, GRACE), followed(cases, 2, GRACE, CY)
    cases.ask(merged, AddWatcher(personal=ILSE))
    outside = cases.case(merged).people.watchers[-1]
    merge(cases, merged, living)
    assert hear(cases, living) == sorted([GRACE, CY, outside])
    assert joined(cases, living) == [
        WatchersJoined(
            case=merged,
            reference="S-0002",
            watchers=(GRACE, CY, outside),
            personal=WatcherDetails({outside: ILSE}),
        )
    ]
    cases.ask(merged, UndoMerge())
    assert hear(cases, living) == [GRACE]
    assert hear(cases, merged) == sorted([GRACE, CY, outside])
    assert joined(cases, living)[-1].watchers == ()


def test_a_merge_without_watchers_asks_for_none() -> None:
    cases = Cases()
    living, merged = followed(cases, 1, GRACE), followed(cases, 2)
    merge(cases, merged, living)
    cases.ask(merged, UndoMerge())
    assert joined(cases, living) == []
    assert not [one for one in cases.carried if isinstance(one.data, ForwardWatchers)]


def test_who_comes_and_goes_after_the_merge_does_so_on_both() -> None:
    cases = Cases()
    living, merged = followed(cases, 1), followed(cases, 2, GRACE)
    merge(cases, merged, living)
    cases.ask(merged, AddWatcher(watcher=KIM))
    assert hear(cases, living) == [GRACE, KIM]
    for watcher in (GRACE, KIM):
        cases.ask(merged, RemoveWatcher(watcher=watcher))
    assert hear(cases, living) == []


def test_who_came_with_two_cases_stays_until_both_have_left() -> None:
    cases = Cases()
    living, one, two = followed(cases, 1), followed(cases, 2, GRACE), followed(cases, 3, GRACE)
    merge(cases, one, living)
    merge(cases, two, living)
    cases.ask(one, UndoMerge())
    assert hear(cases, living) == [GRACE]
    cases.ask(two, UndoMerge())
    assert hear(cases, living) == []


def test_who_is_added_after_they_came_stays_when_the_merge_is_undone() -> None:
    cases = Cases()
    living, merged = followed(cases, 1), followed(cases, 2, GRACE)
    merge(cases, merged, living)
    cases.ask(living, AddWatcher(watcher=GRACE))
    cases.ask(merged, UndoMerge())
    assert hear(cases, living) == [GRACE]


def test_all_who_follow_a_chain_of_merges_hear_of_its_end() -> None:
    """The contact of the first as well; undone in the middle, they hear of the middle alone."""
    cases = Cases()
    first = cases.open(1, "kim")
    cases.ask(first, AddWatcher(watcher=GRACE))
    middle, last = followed(cases, 2, CY), followed(cases, 3)
    merge(cases, first, middle)
    merge(cases, middle, last)
    assert hear(cases, last) == sorted([CY, GRACE, KIM])
    cases.ask(first, AddWatcher(watcher="agent/bo"))
    assert "agent/bo" in hear(cases, last)
    cases.ask(first, UndoMerge())
    assert hear(cases, last) == hear(cases, middle) == [CY]


def test_the_contact_of_the_case_is_not_its_watcher_as_well() -> None:
    cases = Cases()
    living = cases.open(1, "grace")
    merge(cases, followed(cases, 2, GRACE, CY), living)
    assert hear(cases, living) == [CY]


def test_nobody_of_another_customer_joins_and_nobody_who_is_gone() -> None:
    """C5: they went to work elsewhere after they were added."""
    cases = Cases()
    living, merged = followed(cases, 1), followed(cases, 2, GRACE, KIM, CY)
    for kind, gone in (
        ("contact", {"id": "grace", "customer": "small"}),
        ("contact", {"id": "kim", "customer": "acme", "active": False}),
        ("agent", {"id": "cy", "active": False}),
    ):
        document = {
            "kind": kind, "tenant": "sample", "name": "Gone", "email": "gone@acme.example",
            "language": "en", **gone,
        }  # fmt: skip
        cases.reference.apply(record(EntryChanged(kind, str(gone["id"]), document)))
    merge(cases, merged, living)
    assert hear(cases, living) == []


@pytest.mark.parametrize("own", [MAX_WATCHERS, MAX_WATCHERS - 1])
def test_no_more_join_than_there_is_room_for(own: int) -> None:
    """Who follows already takes no room, and nobody new is added to a full case."""
    cases = Cases()
    living, merged = followed(cases, 1, GRACE), followed(cases, 2, GRACE, KIM, CY)
    for number in range(own - 1):
        cases.ask(living, AddWatcher(personal=Person(f"{number}@elsewhere.example")))
    merge(cases, merged, living)
    assert len(hear(cases, living)) == MAX_WATCHERS
    assert joined(cases, living)[-1].watchers == (GRACE, KIM)[: 1 + MAX_WATCHERS - own]
    cases.ask(living, AddWatcher(personal=ILSE))
    assert cases.refused[-1].rule == "most"


def test_a_case_that_is_not_merged_brings_nobody() -> None:
    """What arrives after the merge was undone, or refused, changes nothing."""
    cases = Cases()
    living, other = followed(cases, 1), followed(cases, 2, GRACE)
    cases.ask(other, MergeCase(reference="S-0001", case=living), carry=False)
    cases.waiting.popleft()
    cases.carry()
    assert [type(one.data) for one in cases.carried] == [ForwardWatchers]
    assert hear(cases, living) == []
