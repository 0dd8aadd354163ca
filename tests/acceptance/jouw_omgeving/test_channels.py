"""C1, C2, C3, C4, C15: mail, form, telephone and API, and what is no case."""

import pytest

from tests.acceptance.jouw_omgeving.people import ADDRESS, ALICE, EVA, FENNA, LIEKE, TENANT
from tests.acceptance.jouw_omgeving.steps import DESCRIPTION, TITLE, form, solve
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


def test_every_way_in_ends_in_the_same_events(world: SideBySideDriver, timed_desk: Desk) -> None:
    """C1, C3: mail, portal, telephone and API; confirmed from the desk's own address."""
    by_api = world.create_by_api(EVA, form())
    assert isinstance(by_api, str), by_api
    cases = {
        "mail": timed_desk.mail_from(EVA).case,
        "portal": timed_desk.form_from(EVA, form()),
        "phone": timed_desk.form_from(LIEKE, form(contact=EVA.id)),
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
        assert case.shown.contact == EVA.id
        registered = case.mail_to(EVA, "registered")
        assert registered.sender == ADDRESS
        assert case.reference in registered.text


def test_references_are_in_the_tenants_format(desk: Desk) -> None:
    """C2: PS, the year and five digits, each its own."""
    references = [desk.form_from(EVA, form()).reference for _ in range(3)]
    assert len(set(references)) == 3
    for reference in references:
        assert reference.startswith(f"PS-{desk.now:%Y}-")
        assert len(reference.rpartition("-")[2]) == 5


@pytest.mark.by_platform("C4")
@pytest.mark.parametrize("by", ["token", "thread", "subject"])
def test_a_reply_is_a_comment_with_its_attachments(desk: Desk, by: str) -> None:
    """C4: by the reply address, the thread or the reference in the subject."""
    reply_is_a_comment(desk.form_from(ALICE, form()), ALICE, by)


@pytest.mark.by_platform("C4")
def test_an_auto_responder_reopens_nothing(desk: Desk) -> None:
    """C4: who is away when the solution comes does not open the case again."""
    case = desk.form_from(FENNA, form())
    case.agent(LIEKE).takes_up()
    solve(case, LIEKE)
    machines_answer_changes_nothing(desk, case, FENNA, "solved")
    assert case.status == "solved"


@pytest.mark.by_platform("C1", "C15")
def test_a_stranger_is_answered_in_both_languages_and_kept(desk: Desk) -> None:
    """C1, C14, C15: pointed to the help desk of their own organisation."""
    unregistered_sender_is_answered(
        desk,
        TENANT,
        "de helpdesk van uw eigen organisatie",
        "the help desk of your own organisation",
    )


@pytest.mark.by_platform("C1")
@pytest.mark.parametrize(
    ("case_type", "values", "field", "rule"),
    [
        ("incident", {"description": DESCRIPTION}, "title", "required"),
        ("question", {"title": TITLE}, "description", "required"),
        ("question", {"title": "x" * 201, "description": DESCRIPTION}, "title", "max_length"),
        ("incident", {"title": TITLE, "description": DESCRIPTION, "impact": "huge"},
         "impact", "options"),
        ("question", {"title": TITLE, "description": DESCRIPTION, "impact": "high"},
         "impact", "unknown"),
        ("incident", {"title": TITLE, "description": DESCRIPTION, "cause": "Me"},
         "cause", "editable_by"),
        ("bug", {"title": TITLE, "description": DESCRIPTION}, "type", "options"),
    ],
)  # fmt: skip
def test_a_bad_form_is_refused_by_field_and_rule(
    desk: Desk, case_type: str, values: dict[str, str | bool], field: str, rule: str
) -> None:
    """C15, C1: with a sentence; what was typed is kept."""
    form_is_refused(desk, ALICE, Form(case_type=case_type, values=values), field, rule)
