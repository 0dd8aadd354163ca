"""C1, C2, C3, C4, C15, S1: mail, form, telephone and API, and what is refused."""

import pytest

from tests.acceptance.customer_success.people import (
    ADDRESS,
    CLAIRE,
    KARIM,
    LOTTE,
    MEREL,
    SUSAN,
    TENANT,
)
from tests.acceptance.customer_success.steps import DESCRIPTION, TITLE, incident, question
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


@pytest.mark.by_platform("C15")
def test_there_are_two_types(desk: Desk) -> None:
    """S1, C15: a question and an incident; another is refused by name."""
    assert desk.form_from(LOTTE, question()).shown.case_type == "question"
    assert desk.form_from(LOTTE, incident()).shown.case_type == "incident"
    values = {"title": TITLE, "description": DESCRIPTION}
    [answer] = desk.refused_form_from(LOTTE, Form(case_type="change_request", values=values))
    assert answer.field == "type"


def test_references_are_hd_and_five_digits(desk: Desk) -> None:
    """S1, C2: one for each case, whatever the way in."""
    cases = [desk.mail_from(LOTTE).case, desk.form_from(KARIM, incident()),
             desk.form_from(MEREL, question(CLAIRE.id))]  # fmt: skip
    references = [case.reference for case in cases]
    assert len(set(references)) == 3
    for reference in references:
        prefix, _, digits = reference.partition("-")
        assert prefix == "HD"
        assert len(digits) >= 5
        assert digits.isdigit()


def test_every_way_in_ends_in_the_same_events(world: SideBySideDriver, timed_desk: Desk) -> None:
    """C1: mail, portal, telephone, API: the history tells which, and begins alike."""
    by_api = world.create_by_api(LOTTE, incident())
    assert isinstance(by_api, str), by_api
    cases = {
        "mail": timed_desk.mail_from(LOTTE).case,
        "portal": timed_desk.form_from(LOTTE, incident()),
        "phone": timed_desk.form_from(MEREL, question(LOTTE.id)),
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
        created = case.event("case_created")
        assert created.channel == way
        assert (case.shown.contact, case.shown.customer) == (LOTTE.id, "duinzicht")
        assert case.reference in case.mail_to(LOTTE, "registered").text
    assert cases["phone"].event("case_created").who.id == MEREL.id
    assert cases["mail"].shown.case_type == "question"


def test_both_addresses_of_the_desk_take_mail(desk: Desk) -> None:
    """C1, C3: the answer comes from the one that the tenant sends from."""
    case = desk.mail_from(KARIM, to="incidents@success.example").case
    assert case.mail_to(KARIM, "registered").sender == ADDRESS


@pytest.mark.parametrize("by", ["token", "thread", "subject"])
def test_a_reply_is_a_comment_with_its_attachments(desk: Desk, by: str) -> None:
    """C4: by the reply address, the thread, or `HD-` and the number in the subject."""
    reply_is_a_comment(desk.mail_from(SUSAN).case, SUSAN, by)


def test_an_auto_responder_is_never_answered(desk: Desk) -> None:
    """C4: no loop, no case, no comment."""
    case = desk.mail_from(KARIM).case
    machines_answer_changes_nothing(desk, case, KARIM, "registered")


@pytest.mark.by_platform("C1", "C15")
def test_a_stranger_is_answered_once_and_kept(desk: Desk) -> None:
    """C1, C15: in both languages; refused with field and rule, the raw mail kept."""
    unregistered_sender_is_answered(
        desk, TENANT, "Dit adres is bij ons niet bekend", "We do not know this address"
    )


@pytest.mark.by_platform("C1")
@pytest.mark.parametrize(
    ("values", "field", "rule"),
    [
        ({"description": DESCRIPTION}, "title", "required"),
        ({"title": TITLE}, "description", "required"),
        ({"title": "x" * 151, "description": DESCRIPTION}, "title", "max_length"),
        (incident(module="kitchen").values, "module", "options"),
        (incident(colour="red").values, "colour", "unknown"),
        (incident(cause="Me").values, "cause", "editable_by"),
    ],
)
def test_a_bad_form_is_refused_by_field_and_rule(
    desk: Desk, values: dict[str, str | bool], field: str, rule: str
) -> None:
    """C15, C1: with a sentence for the contact; what was typed is kept."""
    form_is_refused(desk, SUSAN, Form(case_type="incident", values=values), field, rule)


@pytest.mark.by_platform("C15")
def test_a_question_has_no_workaround(desk: Desk) -> None:
    """C15, S1: each type has its own fields; an incident has one."""
    values = {"title": TITLE, "description": DESCRIPTION, "workaround": "On paper"}
    assert desk.form_from(LOTTE, incident(workaround="On paper")).shown.case_type == "incident"
    answers = desk.refused_form_from(LOTTE, Form(case_type="question", values=values))
    assert [(answer.field, answer.rule) for answer in answers] == [("workaround", "unknown")]
