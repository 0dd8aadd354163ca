"""C1, C2, C15, D3, D8: cases by the portal's form and by telephone, and what is refused."""

import pytest

from tests.acceptance.dtnext.people import ANOUK, FATIMA, GRACE, JOOST, SANNE
from tests.support.desk.channel_stories import form_is_refused
from tests.support.desk.scenario import Desk
from tests.support.desk.values import File, Form
from tests.support.driver.several_tenants import SideBySideDriver

pytestmark = pytest.mark.acceptance

TITLE = "The report is empty"
DESCRIPTION = "1. Open the report. 2. It has no lines."


def incident(**values: str | bool) -> Form:
    """An incident, filled in."""
    return Form(case_type="incident", values={"title": TITLE, "description": DESCRIPTION} | values)


@pytest.mark.main_path
def test_a_form_becomes_a_case_and_is_confirmed(desk: Desk) -> None:
    """C3, D8: with product, recurring and attachments; the contact is told at once."""
    file = File("report.pdf", b"%PDF-1.7", "application/pdf")
    form = Form(
        case_type="incident",
        values={"title": TITLE, "description": DESCRIPTION, "product": "Reports",
                "recurring": True},
        files=(file,),
    )  # fmt: skip
    case = desk.form_from(ANOUK, form)
    created = case.event("case_created")
    assert (created.text, created.channel, created.who.id) == (DESCRIPTION, "portal", ANOUK.id)
    assert case.shown.fields == {"product": "Reports", "recurring": "true"}
    assert case.file_for(ANOUK, created.files[0].sha256) == file.data
    assert TITLE in case.mail_to(ANOUK, "confirmation").text


@pytest.mark.main_path
def test_an_agent_types_in_what_is_said_by_telephone(desk: Desk) -> None:
    """C1: the case is the caller's, the history says who typed; the caller gets the mail."""
    form = Form(
        case_type="question", values={"title": TITLE, "description": DESCRIPTION}, contact=GRACE.id
    )
    case = desk.form_from(SANNE, form)
    created = case.event("case_created")
    assert (created.channel, created.who.kind, created.who.id) == ("phone", "agent", SANNE.id)
    assert (case.shown.contact, case.shown.customer) == (GRACE.id, "vandijk")
    assert len(case.mails_to(GRACE, "confirmation")) == 1
    assert case.reference in desk.cases_of(GRACE)


def test_every_channel_ends_in_the_same_event(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C1: a mail, a form, a call and a program begin a history alike."""
    calls = Form(case_type="incident", values=incident().values, contact=ANOUK.id)
    programmed = world.create_by_api(ANOUK, incident())
    assert isinstance(programmed, str)
    cases = [timed_desk.mail_from(ANOUK).case, timed_desk.form_from(ANOUK, incident()),
             timed_desk.form_from(SANNE, calls), timed_desk.case(programmed)]  # fmt: skip
    begun = [
        "case_created",
        "agreement_applied",
        "priority_assessed",
        "status_changed",
        "case_assigned",
    ]
    assert all(case.story[:5] == begun for case in cases)
    ways = [case.event("case_created").channel for case in cases]
    assert ways == ["mail", "portal", "phone", "api"]
    assert len({case.reference for case in cases}) == 4


def test_references_are_in_the_tenants_format_and_unique(desk: Desk) -> None:
    """C2."""
    references = [desk.form_from(ANOUK, incident()).reference for _ in range(5)]
    assert len(set(references)) == 5
    year = f"{desk.now:%Y}"
    assert all(one.startswith(f"CAS-{year}-") and len(one) == 15 for one in references)


@pytest.mark.main_path
@pytest.mark.by_platform("C1")
def test_the_same_form_twice_under_one_key_is_one_case(desk: Desk) -> None:
    """C1: whoever presses the button twice has one case; another form is refused."""
    key = desk.new_message_id().strip("<>")
    first, other = (
        Form(case_type="incident", values=incident(product=name).values, key=key)
        for name in ("Reports", "Exports")
    )
    assert desk.form_from(ANOUK, first).reference == desk.form_from(ANOUK, first).reference
    [refused] = desk.refused_form_from(ANOUK, other)
    assert (refused.field, refused.rule) == ("Idempotency-Key", "same_body")


@pytest.mark.parametrize(
    ("values", "field", "rule"),
    [
        ({"description": DESCRIPTION}, "title", "required"),
        ({"title": TITLE}, "description", "required"),
        ({"title": "  ", "description": DESCRIPTION}, "title", "required"),
        ({"title": "x" * 201, "description": DESCRIPTION}, "title", "max_length"),
        (incident(urgency="enormous").values, "urgency", "options"),
        (incident(colour="red").values, "colour", "unknown"),
        (incident(cause="It was me.").values, "cause", "editable_by"),
    ],
)
def test_a_bad_form_is_refused_by_field_and_rule_and_kept(
    desk: Desk, values: dict[str, str | bool], field: str, rule: str
) -> None:
    """C15, D8: title and description are required; what was refused stays to be seen."""
    form_is_refused(desk, ANOUK, Form(case_type="incident", values=values), field, rule)


@pytest.mark.main_path
@pytest.mark.by_platform("C15")
def test_there_are_only_the_types_of_the_definition(desk: Desk) -> None:
    """D2, C15: a type of the list is taken, another is refused by its name."""
    values = {"title": TITLE, "description": DESCRIPTION}
    for known in ("question", "incident"):
        assert desk.form_from(ANOUK, Form(case_type=known, values=values)).shown.case_type == known
    form = Form(case_type="complaint", values=values)
    [answer] = desk.refused_form_from(ANOUK, form)
    assert answer.field == "type"


@pytest.mark.parametrize("urgency", ["high", "medium", "low"])
@pytest.mark.parametrize("necessity", ["high", "medium", "low"])
def test_priority_follows_from_urgency_and_necessity(
    timed_desk: Desk, urgency: str, necessity: str
) -> None:
    """D3: the matrix, when the form is filled in and when an agent assesses."""
    rank = ["high", "medium", "low"].index(urgency) + ["high", "medium", "low"].index(necessity)
    expected = ["P1", "P2", "P3", "P4", "P4"][rank]
    case = timed_desk.form_from(ANOUK, incident(urgency=urgency, necessity=necessity))
    assert case.priority == expected
    other = timed_desk.mail_from(JOOST).case
    other.agent(SANNE).assesses(urgency=urgency, necessity=necessity)
    assert other.priority == expected


def test_where_priorities_start(desk: Desk) -> None:
    """D3: a question starts as P4, an incident without more as P3; the contact reads what it is."""
    question = Form(case_type="question", values={"title": TITLE, "description": DESCRIPTION})
    for form, priority, called in ((question, "P4", "P4 Laag"), (incident(), "P3", "P3 Normaal")):
        case = desk.form_from(FATIMA, form)
        assert case.priority == priority
        assert called in case.mail_to(FATIMA, "confirmation").text
    assert desk.mail_from(FATIMA).case.priority == "P3"
