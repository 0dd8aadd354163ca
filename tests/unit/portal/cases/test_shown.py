"""What of a case is shown: in which order, in whose words, and what is offered for it now."""

from dataclasses import replace
from typing import Any

import pytest
from case_events.contracts.cases import FieldsSet
from case_events.contracts.phases import PhaseChanged
from case_events.contracts.reference import DefinitionPublished
from case_events.envelope import SYSTEM
from case_portal.portal import Portal
from case_portal.read_model.view import CaseOutcome

from tests.unit.portal.cases.test_pages import send
from tests.unit.portal.portal_desk import MemoryIntake, browser, portal_of_desk
from tests.unit.portal.portal_sample import (
    REFERENCE,
    definition_document,
    record,
    reference_data,
    sample_history,
)

PAGE, API = f"/cases/{REFERENCE}", f"/api/v1/cases/{REFERENCE}"
ONLY_URGENT = "case.fields.urgency == 'high' && case.fields.cause == 'a loose cable'"
NAMES = {
    "priorities.P2.name": "Ordinary",
    "fields.on.name": "Seen on",
    "phases.looked.name": "Looked at",
    "phases.tried.name": "Tried out",
}


def document(**more: Any) -> dict[str, Any]:
    """A desk that notes a day, and whose cases go through phases."""
    changed_document = definition_document("here") | more
    changed_document["fields"].append({"name": "on", "type": "date"})
    changed_document["case_types"][0]["fields"].insert(2, {"field": "on"})
    for texts in changed_document["texts"].values():
        texts.update(NAMES)
    return changed_document


def portal(given: dict[str, Any], *events: Any) -> Portal:
    """The portal, after more has happened to the case."""
    known = reference_data()
    known.apply(record(DefinitionPublished("here/1", given), version=0))
    history = sample_history()
    for event in events:
        history.append(record(event, len(history) + 1, actor=SYSTEM))
    return portal_of_desk(history, reference=known)


def test_a_list_calls_a_priority_as_the_definition_does() -> None:
    page = browser("bob", portal(document())).get("/cases").text
    assert "Ordinary" in page
    assert ">P2<" not in page


def test_fields_stand_in_the_order_of_the_type_of_case() -> None:
    """However the store keeps them: the day stands before the urgency on the form."""
    shown = portal(document(), FieldsSet({"on": "2026-12-08", "title": "Fire"}))
    assert list(browser("amy", shown).get(API).json()["fields"]) == [
        "title", "on", "urgency", "cause",
    ]  # fmt: skip
    page = browser("amy", shown).get(PAGE).text
    facts = page.partition('<dl id="facts"')[2]
    assert facts.index("8 December 2026") < facts.index("a loose cable")
    entry = browser("amy", shown).get(f"{API}/history").json()["entries"][-1]
    assert list(entry["what"]["fields"]) == ["title", "on"]


@pytest.mark.parametrize(
    ("language", "day"), [("bob", "8 December 2026"), ("dirk", "8 december 2026")]
)
def test_a_day_is_told_in_the_words_of_the_reader(language: str, day: str) -> None:
    shown = portal(document(), FieldsSet({"on": "2026-12-08"}))
    assert f"<dd>{day}</dd>" in browser(language, shown).get(PAGE).text


def test_what_is_no_day_is_shown_as_it_stands() -> None:
    """A case that came over from a version in which the field was a text."""
    shown = portal(document(), FieldsSet({"on": "soon"}))
    assert "<dd>soon</dd>" in browser("bob", shown).get(PAGE).text


def test_nothing_is_told_of_fields_that_somebody_does_not_see() -> None:
    shown = portal(document(), FieldsSet({"cause": "water"}), FieldsSet({"urgency": "low"}))
    assert "filled in </span>" not in browser("bob", shown).get(PAGE).text
    for who, expected in (("bob", ["urgency"]), ("amy", ["cause", "urgency"])):
        entries = browser(who, shown).get(f"{API}/history").json()["entries"]
        filled = [entry["what"]["fields"] for entry in entries if entry["type"] == "fields_set"]
        assert [name for fields in filled for name in fields] == expected


def test_a_phase_is_offered_while_its_rule_holds() -> None:
    """The rule may ask for what who reads it does not see."""
    phases: list[dict[str, Any]] = [
        {"name": "looked", "first": True, "next": ["tried"], "when": ONLY_URGENT},
        {"name": "tried", "when": "case.status == 'resolved'"},
    ]
    for phase in phases:
        phase |= {"by": ["contact", "agent"], "case_types": ["incident"]}
    changed_document = document(phases=phases)
    for who in ("bob", "amy"):
        offered = browser(who, portal(changed_document)).get(API).json()["phases"]
        assert [phase["name"] for phase in offered] == ["looked"]
        later = portal(changed_document, FieldsSet({"urgency": "low"}))
        assert browser(who, later).get(API).json()["phases"] == []
        entered = portal(changed_document, PhaseChanged("looked"))
        assert browser(who, entered).get(API).json()["phases"] == []


@pytest.mark.parametrize(
    ("when", "offered"),
    [
        (ONLY_URGENT, True),
        ("case.fields.urgency == 'low'", False),
        ("actor.capacity == 'contact' && contact.id == 'bob'", True),
        ("'judge' in actor.roles", False),
        ("event.transition == 'close' && event.to_status == 'closed'", True),
        ("case.work_minutes > 10", False),
        ("case.work_minutes == 0 && case.menu == '' && case.left_minutes == 0", True),
        ("now > timestamp('2100-01-01T00:00:00Z')", True),
    ],
)
def test_a_step_is_offered_while_its_rule_holds_or_asks_for_the_time(
    when: str, offered: bool
) -> None:
    changed_document = document()
    next(step for step in changed_document["transitions"] if step["name"] == "close")["when"] = when
    steps = browser("bob", portal(changed_document)).get(API).json()["steps"]
    assert ("close" in [step["name"] for step in steps]) == offered


@pytest.mark.parametrize(
    ("language", "given"),
    [("bob", "Fill in a day, as in 2026-12-08."), ("jan", "Vul een datum in, zoals 2026-12-08.")],
)
def test_a_form_says_what_a_field_takes(language: str, given: str) -> None:
    wrong = CaseOutcome(
        status="refused", code="invalid_input", field="on", rule="type", reason="no"
    )
    refusing = replace(portal(document()), intake=MemoryIntake(wrong))
    form = "/cases/new?case_type=incident"
    answer = send(browser(language, refusing), form, "/cases/new", case_type="incident", key="k")
    assert f'id="field-on-problem">{given}' in answer.text
