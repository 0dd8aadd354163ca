"""D8, D15, C6, C11: one question per case, and the same question twice in one case."""

import pytest
from case_events.contracts.links import NewPart
from case_events.contracts.parts import WrittenContent

from tests.acceptance.dtnext.people import ANOUK, PIETER, SANNE
from tests.support.desk.scenario import Case, Desk

pytestmark = pytest.mark.acceptance


def taken_up(desk: Desk) -> Case:
    case = desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    return case


def test_clocks_of_a_merged_case_rest_and_go_on_when_it_is_undone(desk: Desk) -> None:
    """C8, C11: what has ended is late for nothing; what lives again has its target back, without
    the time between."""
    first, second = taken_up(desk), taken_up(desk)
    due = second.due("resolution")
    assert due is not None
    second.agent(SANNE).merges(first)
    assert second.due("resolution") is None
    desk.time_passes(hours=2)
    second.agent(SANNE).undoes_merge()
    again = second.due("resolution")
    assert again is not None
    assert again > due
    assert second.flaws == []


def test_a_duplicate_can_stay_a_case_of_its_own(desk: Desk) -> None:
    """C11: linked from both sides, until somebody takes it away on either."""
    first, second = taken_up(desk), taken_up(desk)
    second.agent(SANNE).links(first, "duplicate")
    assert [one.reference for one in second.linked("duplicate", "to")] == [first.reference]
    assert [one.reference for one in first.linked("duplicate", "from", ANOUK)] == [second.reference]
    assert second.agent(SANNE).links(first, "duplicate").status == "unchanged"
    first.agent(SANNE).unlinks(second, "duplicate")
    assert (first.linked("duplicate", "from"), second.linked("duplicate", "to")) == ([], [])
    assert second.agent(SANNE).tries.links(first).rule == "problem", "there are no problems here"


def test_a_second_question_gets_a_case_of_its_own(desk: Desk) -> None:
    """D8, C8: it keeps what the contact filled in, and has clocks of its own."""
    case = taken_up(desk)
    words = WrittenContent(title="The export as well", text="See the second part of the mail.")
    case.agent(SANNE).splits(NewPart(personal=words))
    (other,) = case.linked("split", "from")
    assert (other.shown.case_type, other.shown.contact) == ("incident", ANOUK.id)
    assert other.due("first_response") is not None
    assert case.reference in other.event("case_created").what["origin"]["reference"]


def test_a_closed_case_is_followed_up_on_request_alone(desk: Desk) -> None:
    """C6, C4: a reply to its mail is still heard in the case itself."""
    case = taken_up(desk)
    case.contact(ANOUK).closes()
    confirmation = case.mail_to(ANOUK, "confirmation")
    case.contact(ANOUK).replies_by_mail("One more thing.", to=confirmation, by="token")
    assert case.comments == ["One more thing."]
    assert case.linked("follow_up", "from") == []
    case.contact(ANOUK).asks_follow_up("It came back.")
    (second,) = case.linked("follow_up", "from")
    assert second.linked("follow_up", "to", ANOUK)[0].reference == case.reference
    assert second.seen_by(PIETER) is None
