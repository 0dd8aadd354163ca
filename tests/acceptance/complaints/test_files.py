"""A field of files names files that the case has, and nothing else."""

from typing import Any

import pytest
from case_events.contracts.commands import ChangeStatus
from case_events.contracts.parts import WrittenContent

from tests.acceptance.complaints.people import ANNA, HANNA
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File, Form

pytestmark = pytest.mark.acceptance

REPORT = File("verslag, versie 2.pdf", b"%PDF", "application/pdf")


@pytest.fixture
def case(desk: Desk) -> Case:
    """A complaint whose hearing is planned."""
    case = desk.mail_from(ANNA).case
    case.agent(HANNA).takes_step("take_up_in_general")
    case.agent(HANNA).takes_step("plan_hearing", "U bent welkom.", hearing_on="2026-03-12")
    return case


def test_a_report_that_nobody_attached_is_none(case: Case) -> None:
    for named in ("verslag.pdf", REPORT.name):
        refused = case.agent(HANNA).tries.takes_step("hold_hearing", report=named)
        assert (refused.status, refused.field, refused.rule) == ("refused", "report", "files")
        refused = case.agent(HANNA).tries.fills_in(report=named)
        assert (refused.status, refused.field, refused.rule) == ("refused", "report", "files")
    assert case.status == "hearing_planned"


def test_a_report_that_comes_with_the_step_fills_in_the_field(case: Case) -> None:
    step = ChangeStatus(transition="hold_hearing", personal=WrittenContent(text="Gehoord."))
    assert case.agent(HANNA).tries.asks_for(step).rule == "required"
    assert case.agent(HANNA).asks_for(step, [REPORT]).status == "done"
    assert (case.status, case.shown.fields["report"]) == ("heard", REPORT.name)
    assert [file.name for file in case.shown.attachments] == [REPORT.name]


def test_a_report_that_was_attached_before_is_named(case: Case) -> None:
    """Also one that the complainant sent by mail; naming it again is fine."""
    case.contact(ANNA).replies_by_mail(
        "Mijn stuk.", attachments=[File("stuk.txt", b"x", "text/plain")]
    )
    case.agent(HANNA).comments("Het verslag.", [REPORT])
    named = f"{REPORT.name}, stuk.txt"
    case.agent(HANNA).takes_step("hold_hearing", report=named)
    assert (case.status, case.shown.fields["report"]) == ("heard", named)
    assert case.agent(HANNA).fills_in(report=named).status == "unchanged"


def test_a_form_names_no_file_that_does_not_come_with_it(desk: Desk) -> None:
    values: dict[str, Any] = {
        "title": "Te laat",
        "description": "Een uur.",
        "attachments": ["stuk.txt"],
    }
    (wrong,) = desk.refused_form_from(ANNA, Form(case_type="complaint", values=values))
    assert (wrong.field, wrong.rule) == ("attachments", "files")
    came = (File("stuk.txt", b"x", "text/plain"),)
    case = desk.form_from(ANNA, Form(case_type="complaint", values=values, files=came))
    assert [file.name for file in case.shown.attachments] == ["stuk.txt"]
