"""C1, C2, C3, C4, C15, H1: mail, form, telephone and API, kept to be found again."""

import pytest

from tests.acceptance.helpcenter.people import (
    ADDRESS,
    AMY,
    FLOOR,
    HANNAH,
    INEKE,
    RUBEN,
    TENANT,
)
from tests.acceptance.helpcenter.steps import DESCRIPTION, TITLE, form, solve
from tests.support.desk.channel_stories import (
    form_is_refused,
    machines_answer_changes_nothing,
    reply_is_a_comment,
    unregistered_sender_is_answered,
)
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Form
from tests.support.driver.several_tenants import SideBySideDriver

pytestmark = pytest.mark.acceptance


def test_every_way_in_becomes_a_case(world: SideBySideDriver, timed_desk: Desk) -> None:
    """H1, C1, C3: the portal, mail, telephone and API; all of them in the contact's overview."""
    by_api = world.create_by_api(INEKE, form())
    assert isinstance(by_api, str), by_api
    cases = {
        "portal": timed_desk.form_from(INEKE, form()),
        "mail": timed_desk.mail_from(INEKE).case,
        "phone": timed_desk.form_from(FLOOR, form(contact=INEKE.id)),
        "api": timed_desk.case(by_api),
    }
    for way, case in cases.items():
        created = case.event("case_created")
        assert created.channel == way
        assert (case.shown.contact, case.status) == (INEKE.id, "new")
        confirmed = case.mail_to(INEKE, "received")
        assert confirmed.sender == ADDRESS
        assert case.reference in confirmed.text
    assert set(timed_desk.cases_of(INEKE)) == {case.reference for case in cases.values()}


def test_earlier_questions_and_answers_are_found_again(desk: Desk) -> None:
    """H1: closed long since, with what was asked by mail and answered by telephone."""
    case = desk.mail_from(INEKE, "Hoe boek ik een creditnota?", "Ik vind de knop niet.").case
    case.agent(FLOOR).takes_up()
    solve(case, FLOOR, "Rechts boven, onder de drie puntjes.")
    case.contact(INEKE).closes()
    assert case.reference in desk.cases_of(INEKE, "closed")
    conversation = "\n".join(entry.text for entry in case.history_for(INEKE))
    assert "Ik vind de knop niet." in conversation
    assert "Rechts boven, onder de drie puntjes." in conversation
    for reader in (INEKE, FLOOR):
        assert case.seen_by(reader) is not None


def test_references_are_in_the_tenants_format(desk: Desk) -> None:
    """C2: HC, the year and four digits, each its own."""
    references = [desk.form_from(RUBEN, form()).reference for _ in range(4)]
    assert len(set(references)) == 4
    year = f"{desk.now:%Y}"
    for reference in references:
        assert reference.startswith(f"HC-{year}-")
        assert len(reference.rpartition("-")[2]) >= 4


@pytest.mark.parametrize("by", ["token", "thread", "subject"])
def test_a_reply_is_a_comment_with_its_attachments(desk: Desk, by: str) -> None:
    """C4: found by the reply address, the thread or the reference in the subject."""
    reply_is_a_comment(desk.mail_from(HANNAH).case, HANNAH, by)


def test_an_auto_responder_reopens_nothing(desk: Desk) -> None:
    """C4: who is away when the solution comes does not open the case again."""
    case = desk.mail_from(INEKE).case
    case.agent(FLOOR).takes_up()
    solve(case, FLOOR)
    machines_answer_changes_nothing(desk, case, INEKE, "solved")
    assert case.status == "solved"


@pytest.mark.by_platform("C1", "C15")
def test_a_stranger_is_answered_in_both_languages_and_kept(desk: Desk) -> None:
    """C1, C15: they are no contact, so nobody knows their language; the raw mail is kept."""
    unregistered_sender_is_answered(
        desk, TENANT, "Dit adres is bij ons niet bekend", "We do not know this address"
    )


@pytest.mark.by_platform("C1")
@pytest.mark.parametrize(
    ("case_type", "values", "field", "rule"),
    [
        ("question", {"description": DESCRIPTION}, "title", "required"),
        ("question", {"title": TITLE}, "description", "required"),
        ("question", {"title": "x" * 201, "description": DESCRIPTION}, "title", "max_length"),
        ("question", {"title": TITLE, "description": DESCRIPTION, "topic": "soup"},
         "topic", "options"),
        ("question", {"title": TITLE, "description": DESCRIPTION, "effort": "days"},
         "effort", "unknown"),
        ("fault", {"title": TITLE, "description": DESCRIPTION, "effort": "days"},
         "effort", "editable_by"),
        ("complaint", {"title": TITLE, "description": DESCRIPTION}, "type", "options"),
    ],
)  # fmt: skip
def test_a_bad_form_is_refused_by_field_and_rule(
    desk: Desk, case_type: str, values: dict[str, str | bool], field: str, rule: str
) -> None:
    """C15, C1: with a sentence; what was typed is kept."""
    form_is_refused(desk, AMY, Form(case_type=case_type, values=values), field, rule)
