"""The pages of a new case: its form, what is wrong with it, and where it leads."""

from dataclasses import replace as replace_ports
from uuid import UUID

from case_events.contracts.parts import InputFault
from case_portal.new_case.service import OTHER_CASE
from case_portal.read_model.view import CaseOutcome
from msgspec.structs import replace

from tests.unit.portal.cases.test_pages import send
from tests.unit.portal.portal_desk import BEGUN, MemoryIntake, browser, portal_of_desk
from tests.unit.portal.portal_sample import CASE, REFERENCE


def test_a_new_case_goes_to_intake_once() -> None:
    portal = portal_of_desk(intake=(intake := MemoryIntake()))
    client = browser("bob", portal)
    form = {"case_type": "incident", "key": "k", "field.title": "T", "field.description": "D"}
    answer = send(client, "/cases/new?case_type=incident", "/cases/new", None, **form)
    assert answer.headers["location"] == "/cases/CAS-2026-000002?notice=created"
    (case,) = intake.cases
    assert (case.key, case.values) == ("k", {"title": "T", "description": "D"})
    intake.outcome = replace(BEGUN, reference=REFERENCE)
    answer = send(client, "/cases/new?case_type=incident", "/cases/new", None, **form)
    arrived = client.get(answer.headers["location"])
    assert arrived.status_code == 200
    assert REFERENCE in arrived.text
    assert "We have received your case." in arrived.text


def test_what_is_wrong_with_a_new_case_stands_at_its_field() -> None:
    """C15: and what was typed is still there."""
    wrong = CaseOutcome(
        status="refused",
        code="invalid_input",
        field="description",
        rule="required",
        reason="?",
        faults=(
            InputFault("description", "required", "?"),
            InputFault("title", "max_length", "Too long."),
        ),
    )
    client = browser("jan", portal_of_desk(intake=(intake := MemoryIntake(wrong))))
    form = {"case_type": "incident", "key": "k", "field.title": "Mijn <titel>"}
    sent = send(client, "/cases/new?case_type=incident", "/cases/new", None, **form)
    for answer in (sent, client.get(f"/cases/new/{CASE}")):
        assert answer.status_code == 422
        assert 'id="field-description-problem">Vul dit in.' in answer.text
        assert 'id="field-title-problem">' in answer.text
        assert 'value="Mijn &lt;titel&gt;"' in answer.text
        assert 'name="key" value="k"' not in answer.text, "filled in anew, it is another form"
    assert [case.key for case in intake.cases] == ["k"]


def test_a_form_whose_case_is_not_there_in_time_says_where_to_look_and_leads_there() -> None:
    intake = MemoryIntake(None)
    client = browser("jan", portal_of_desk(intake=intake))
    form = {"case_type": "incident", "key": "k", "field.title": "T"}
    sent = send(client, "/cases/new?case_type=incident", "/cases/new", None, **form)
    place = f"/cases/new/{CASE}"
    for answer in (sent, client.get(place)):
        assert (answer.status_code, answer.headers["location"]) == (202, place)
        assert f'content="0; url={place}"' in answer.text
    intake.outcome = BEGUN
    assert client.get(place).headers["location"] == "/cases/CAS-2026-000002?notice=created"
    assert browser("bob", portal_of_desk(intake=intake)).get(place).status_code == 404
    assert client.get(f"/cases/new/{UUID(int=5)}").status_code == 404


def test_a_form_that_is_not_published_keeps_its_key() -> None:
    """C15: it is refused here, and may be sent again as the same one."""
    other = browser("jan", portal_of_desk(intake=MemoryIntake(OTHER_CASE)))
    form = {"case_type": "incident", "key": "k", "field.title": "T"}
    answer = send(other, "/cases/new?case_type=incident", "/cases/new", None, **form)
    assert answer.status_code == 422
    assert OTHER_CASE.reason in answer.text
    assert 'name="key" value="k"' in answer.text
    roomy = replace_ports(portal_of_desk(intake=(intake := MemoryIntake())), max_upload=1_000_000)
    long = browser("jan", roomy)
    form["field.description"] = "x" * 95_001
    form["field.title"] = "y" * 5_000
    answer = send(long, "/cases/new?case_type=incident", "/cases/new", None, **form)
    assert (answer.status_code, intake.cases) == (422, [])
    assert 'role="alert"' in answer.text
    assert "y" * 5_000 in answer.text


def test_an_agents_field_is_not_on_a_contacts_form() -> None:
    assert "field.cause" not in browser("bob").get("/cases/new?case_type=incident").text
