"""C1, C2, C3, C4, C15: mail, form, telephone and API, and what is no case."""

import pytest

from tests.acceptance.otys.people import ADDRESS, EMILY, KEES, LOTTE, NADIA, ROOS, TENANT
from tests.acceptance.otys.steps import form, solve, taken_up
from tests.support.desk.channel_stories import (
    machines_answer_changes_nothing,
    reply_is_a_comment,
    unregistered_sender_is_answered,
)
from tests.support.desk.scenario import Desk
from tests.support.driver.several_tenants import SideBySideDriver

pytestmark = pytest.mark.acceptance


def test_every_way_in_ends_in_the_same_events(world: SideBySideDriver, timed_desk: Desk) -> None:
    """C1, C3: mail, portal, telephone and API; confirmed from the desk's own address."""
    by_api = world.create_by_api(NADIA, form())
    assert isinstance(by_api, str), by_api
    cases = {
        "mail": timed_desk.mail_from(NADIA).case,
        "portal": timed_desk.form_from(NADIA, form()),
        "phone": timed_desk.form_from(ROOS, form(contact=NADIA.id)),
        "api": timed_desk.case(by_api),
    }
    begun = [
        "case_created",
        "agreement_applied",
        "priority_assessed",
        "status_changed",
        "case_assigned",
    ]
    for way, case in cases.items():
        assert case.story[:5] == begun
        assert case.event("case_created").channel == way
        assert case.shown.contact == NADIA.id
        received = case.mail_to(NADIA, "received")
        assert received.sender == ADDRESS
        assert case.reference in received.text


def test_references_are_in_the_tenants_format(desk: Desk) -> None:
    """C2: WW and six digits, each its own."""
    references = [desk.form_from(NADIA, form()).reference for _ in range(3)]
    assert len(set(references)) == 3
    for reference in references:
        prefix, _, digits = reference.partition("-")
        assert prefix == "WW"
        assert (len(digits), digits.isdigit()) == (6, True)


@pytest.mark.by_platform("C4")
@pytest.mark.parametrize("by", ["token", "thread", "subject"])
def test_a_reply_is_a_comment_with_its_attachments(desk: Desk, by: str) -> None:
    """C4: by the reply address, the thread or the reference in the subject."""
    reply_is_a_comment(desk.form_from(EMILY, form()), EMILY, by)


@pytest.mark.by_platform("C4")
def test_an_auto_responder_reopens_nothing(desk: Desk) -> None:
    """C4: who is away when the solution comes does not open the case again."""
    case = taken_up(desk, LOTTE, ROOS)
    solve(case, ROOS)
    machines_answer_changes_nothing(desk, case, LOTTE, "solved")
    assert case.status == "solved"


@pytest.mark.by_platform("C1", "C15")
def test_a_stranger_is_answered_in_both_languages_and_kept(desk: Desk) -> None:
    """C1, C14, C15, O1: pointed to the super user as well."""
    unregistered_sender_is_answered(
        desk,
        TENANT,
        "alleen een super user van een organisatie",
        "only a super user of an organisation",
    )


@pytest.mark.by_platform("C4")
def test_a_key_user_who_replies_is_heard(desk: Desk) -> None:
    """C4: to add to a case of a colleague's is not to create one."""
    case = desk.form_from(NADIA, form())
    desk.mail_from(KEES, f"Re: {case.reference}", "I see it too.")
    comment = case.event("comment_added")
    assert (comment.text, comment.who.id) == ("I see it too.", KEES.id)
