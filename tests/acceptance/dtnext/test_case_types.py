"""D2: every type of case that this customer service knows."""

import pytest
from case_definition.publishing.loading import load_tenant
from casefold.project import PROJECT

from tests.acceptance.dtnext.people import ANOUK, SANNE, TENANT
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Form

pytestmark = pytest.mark.acceptance

WORDS = {"title": "Update to 12.4", "description": "On Thursday evening, please."}


def test_there_are_six() -> None:
    """D2: question, incident, change request, consultant request, update, project."""
    known = load_tenant(PROJECT / "deploy" / "tenants" / TENANT).definition["case_types"]
    assert {kind["name"] for kind in known} == {
        "question", "incident", "change_request", "consultant_request", "update", "project"
    }  # fmt: skip


def test_an_update_is_recurring_work_with_the_times_of_the_sla(desk: Desk) -> None:
    """D2, D3, D8: it starts as P4, and says whether it recurs."""
    form = Form(case_type="update", values=WORDS | {"recurring": True})
    case = desk.form_from(ANOUK, form)
    assert (case.shown.case_type, case.priority) == ("update", "P4")
    assert case.shown.fields["recurring"] == "true"
    assert case.clocks["resolution"].state == "running"


def test_part_of_a_project_has_no_sla(desk: Desk) -> None:
    """D2, D4: the desk opens it, or makes one of another case; nothing is promised then."""
    refused = desk.refused_form_from(ANOUK, Form(case_type="project", values=WORDS))
    assert {answer.rule for answer in refused} == {"created_by"}
    form = Form(case_type="project", values=WORDS, contact=ANOUK.id)
    case = desk.form_from(SANNE, form)
    assert [clock for clock in case.clocks.values() if clock.due] == []
    other = desk.mail_from(ANOUK).case
    assert other.due("resolution") is not None
    other.agent(SANNE).classifies("project")
    assert other.due("resolution") is None
    assert other.due("first_response") is None
