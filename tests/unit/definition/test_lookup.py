"""What the services ask a definition."""

from time import perf_counter
from typing import Any

import pytest
from case_definition.calendar.lengths import OpenTime, WorkingDays
from case_definition.calendar.model import parse_calendar
from case_definition.lookup.definition import Definition, compile_definition
from case_definition.lookup.form import FieldProblem, form_problems
from case_definition.publishing.loading import TenantDocuments, Unsound, load_tenant, written_out
from case_definition.schema.agreements import compile_agreement
from case_definition.schema.definition import CaseField
from case_definition.schema.directory import entry_from_json, entry_key, entry_to_json
from case_definition.schema.templates import fill, placeholders

from tests.unit.definition.sample_tenant import AGREEMENT, Tenant


@pytest.fixture
def documents(tenant: Tenant) -> TenantDocuments:
    return load_tenant(tenant.write())


@pytest.fixture
def definition(documents: TenantDocuments) -> Definition:
    return compile_definition(documents.definition)


def test_a_case_moves_by_people_and_by_itself(definition: Definition) -> None:
    assert [step.name for step in definition.transitions_from("new")] == ["ask", "finish"]
    assert definition.transitions_from("done") == ()
    step = definition.automatic("asked", "request", ["contact_replied"], {})
    assert step is not None
    assert step.to == "new"
    assert definition.automatic("new", "request", ["contact_replied"], {}) is None


def test_a_step_can_be_for_some_types_only(tenant: Tenant) -> None:
    tenant.definition["transitions"].append(
        {"name": "ask", "from": ["new"], "to": "done", "by": ["agent"], "case_types": ["request"]}
    )
    definition = compile_definition({**tenant.definition, "texts": {}})
    assert len(definition.transitions_from("new", "request")) == 3
    assert len(definition.transitions_from("new", "wish")) == 2


def test_a_rule_decides_whether_a_step_happens_by_itself(tenant: Tenant) -> None:
    tenant.definition["transitions"][1]["when"] = "case.fields.impact == 'big'"
    definition = compile_definition({**tenant.definition, "texts": {}})
    big = {"case": {"fields": {"impact": "big"}}}
    assert definition.automatic("asked", "request", ["contact_replied"], big)
    assert not definition.automatic("asked", "request", ["contact_replied"], {})


def test_fields_are_required_of_the_types_that_have_them(tenant: Tenant) -> None:
    """D12: an incident's cause is asked for, a question's is not."""
    tenant.definition["case_types"].append(
        {**tenant.definition["case_types"][0], "name": "wish", "fields": []}
    )
    definition = compile_definition({**tenant.definition, "texts": {}})
    finish = definition.transitions["finish"]
    assert definition.required_by(finish, "request") == ("cause",)
    assert definition.required_by(finish, "wish") == ()


def test_priority_follows_from_the_two_axes(definition: Definition) -> None:
    """D3, J2: each by its own name, whatever a tenant calls it."""
    assert definition.priority_for({"impact": "big", "haste": "big"}) == "P1"
    assert definition.priority_for({"impact": "big", "haste": "vast"}) is None
    assert definition.priority_for({"impact": "big"}) is None
    assert definition.priority_for({"impact": "big", "haste": "big", "mood": "bad"}) is None
    assert definition.chosen_axes("request", {"impact": "big", "haste": ""}) == {"impact": "big"}
    assert definition.start_priority("request", {"impact": "big", "haste": "big"}) == "P1"
    assert definition.start_priority("request", {"impact": "big"}) == "P2"


def test_a_case_goes_to_the_team_of_the_first_rule_that_holds(definition: Definition) -> None:
    """C7"""
    assert definition.route({"case": {"priority": "P1"}}) == "experts"
    assert definition.route({"case": {"priority": None}}) == "desk"
    assert definition.route({}) == "desk"


def test_notices_go_by_event_and_rule(definition: Definition) -> None:
    assert [notice.name for notice in definition.notices_for("case_created")] == ["confirmation"]
    public = {"event": {"public": True}, "actor": {"capacity": "agent"}}
    (named,) = definition.notices_for("comment_added", public)
    assert named.to == ("contact", "watchers")
    assert definition.notices_for("comment_added", {"actor": {"capacity": "agent"}}) == ()
    assert definition.notices_for("work_logged") == ()


def test_statuses_pause_metrics(definition: Definition) -> None:
    """C8"""
    assert definition.pauses("asked") == {"resolution"}
    assert definition.pauses("new") == frozenset()
    assert definition.pause_in("resolution") == {"asked"}


def test_texts_come_in_the_reader_s_language_or_the_tenant_s(tenant: Tenant) -> None:
    """C14"""
    tenant.texts["nl"]["statuses"]["new"]["name"] = "Nieuw"
    definition = compile_definition(load_tenant(tenant.write()).definition)
    assert definition.name_of("statuses", "new", "nl") == "Nieuw"
    assert definition.name_of("statuses", "new", "fr") == "New"
    assert definition.name_of("statuses", "new") == "New"
    assert definition.help_for("transitions", "finish") == "Ends the case."
    assert definition.help_for("statuses", "new") == ""
    assert definition.field_help("request", "title") == "What do you want?"
    assert definition.field_help("request", "description") == "All of it."


def test_contacts_see_colleagues_where_their_role_does(definition: Definition) -> None:
    """C5"""
    assert definition.sees_colleagues("key")
    assert not definition.sees_colleagues("normal")
    assert not definition.sees_colleagues("super_user")


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"title": "A", "description": "B", "impact": "big"}, []),
        ({"title": " ", "description": "B"}, [FieldProblem("title", "required")]),
        (
            {"title": "A", "description": "B", "haste": "big"},
            [FieldProblem("haste", "unknown")],
        ),
        ({"title": 1, "description": "B"}, [FieldProblem("title", "type", "text")]),
        (
            {"title": "A" * 51, "description": "B"},
            [FieldProblem("title", "max_length", "50")],
        ),
        (
            {"title": "A", "description": "B", "impact": "vast"},
            [FieldProblem("impact", "options", "big, small")],
        ),
    ],
)
def test_a_form_is_held_against_its_fields(
    definition: Definition, values: dict[str, Any], problems: list[FieldProblem]
) -> None:
    """C15"""
    assert definition.form_problems("request", values) == problems


def test_a_change_needs_only_what_it_changes(definition: Definition) -> None:
    """C15"""
    assert definition.change_problems("request", {"impact": "small"}) == []
    assert definition.change_problems("request", {"title": ""}) == [
        FieldProblem("title", "required")
    ]


@pytest.mark.parametrize(
    ("form", "made", "text", "found"),
    [
        ("CAS-{year}-{number:06}", "CAS-2026-000123", "Re: [cas-2026-000123] x", True),
        ("CAS-{year}-{number:06}", "CAS-2026-000123", "XCAS-2026-000123", False),
        ("CAS-{year}-{number:06}", "CAS-2026-000123", "CAS-2026-0000123", False),
        ("HD-{number:05}", "HD-00123", "HD-00123, HD-00123", True),
        ("HD-{number:05}", "HD-00123", "HD-001234", False),
    ],
)
def test_references_are_made_and_found_again(
    tenant: Tenant, form: str, made: str, text: str, found: bool
) -> None:
    """C2, C4, S1"""
    document = {**tenant.definition, "texts": {}, "references": {"format": form}}
    definition = compile_definition(document)
    assert definition.reference(2026, 123) == made
    assert (made in definition.references_in(text)) is found


def test_numbers_outgrow_their_digits(definition: Definition) -> None:
    assert definition.reference(2026, 123456) == "S-123456"
    assert definition.references_in("about S-123456.") == ["S-123456"]


def test_a_definition_is_ready_at_once(documents: TenantDocuments) -> None:
    """It is compiled by every service for every version: milliseconds, not seconds."""
    start = perf_counter()
    compile_definition(documents.definition)
    assert perf_counter() - start < 0.5


def test_targets_are_those_of_type_and_priority() -> None:
    """D4"""
    terms = {**AGREEMENT, "calendars": {}}
    terms["targets"] = [
        {"metric": "resolution", "name": "vip", "length": 60, "when": "customer.id == 'vip'"},
        *AGREEMENT["targets"],
    ]
    agreement = compile_agreement(terms)
    assert agreement.key == "sample/gold/3"
    first, resolution = agreement.targets_for("request", "P1")
    assert (first.metric, first.length, first.calendar) == (
        "first_response",
        OpenTime(3_600_000_000),
        "desk",
    )
    assert (resolution.length, resolution.terms.promised) == (WorkingDays(2), 0.95)
    assert [target.metric for target in agreement.targets_for("request", "P2")] == ["resolution"]
    (vip,) = agreement.targets_for("request", "P2", {"customer": {"id": "vip"}})
    assert (vip.terms.id, vip.length) == ("vip", OpenTime(60_000_000))


def test_best_effort_promises_nothing() -> None:
    """D4"""
    terms = {**AGREEMENT, "kind": "best_effort", "targets": []}
    assert compile_agreement(terms).targets_for("request", "P1") == []


def test_published_agreements_carry_their_calendars_with_dates(tenant: Tenant) -> None:
    """C8"""
    desk = tenant.definition["calendars"]["desk"]
    desk["holidays"] = {"country": "NL", "language": "nl", "liberation_day": "lustrum"}
    (agreement,) = load_tenant(tenant.write()).agreements
    dates = {day["date"]: day["name"] for day in agreement["calendars"]["desk"]["holidays"]}
    assert dates["2026-04-27"] == "Koningsdag"
    assert "2025-05-05" in dates
    assert "2026-05-05" not in dates
    assert parse_calendar(agreement["calendars"]["desk"])
    assert written_out(agreement["calendars"]["desk"]) == agreement["calendars"]["desk"]


def test_everything_is_published_under_its_key(documents: TenantDocuments) -> None:
    keys = [(topic, key) for topic, key, _ in documents.records()]
    assert keys == [
        ("definitions", "sample/1"),
        ("agreements", "sample/gold/3"),
        ("directory", "sample/team/desk"),
        ("directory", "sample/team/experts"),
        ("directory", "sample/customer/acme"),
        ("directory", "sample/contact/ann"),
        ("directory", "sample/agent/bob"),
    ]


def test_entries_travel_unchanged(documents: TenantDocuments) -> None:
    for entry in documents.directory:
        assert entry_from_json(entry_to_json(entry)) == entry
        assert entry_key(entry).startswith("sample/")


def test_an_unsound_folder_is_not_loaded(tenant: Tenant) -> None:
    tenant.definition["routing"] = [{"team": "nobody"}]
    with pytest.raises(Unsound) as unsound:
        load_tenant(tenant.write())
    assert [finding.code for finding in unsound.value.findings] == ["unknown-team"]


def test_templates_fill_in_and_compute_nothing() -> None:
    template = "[{reference}] {title}"
    assert placeholders(template) == {"reference", "title"}
    assert fill(template, {"reference": "S-1", "title": "{reference}"}) == "[S-1] {reference}"
    with pytest.raises(KeyError):
        fill(template, {"reference": "S-1"})


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("count", "5", ""),
        ("count", "five", "type"),
        ("urgent", "true", ""),
        ("urgent", "perhaps", "type"),
        ("day", "2026-03-02", ""),
        ("day", "tomorrow", "type"),
    ],
)
def test_a_text_fills_in_a_field_of_any_type(
    tenant: Tenant, field: str, value: str, rule: str
) -> None:
    """D8: a step or a form carries texts; each is held against what its field is."""
    for name, kind in (("count", "number"), ("urgent", "boolean"), ("day", "date")):
        tenant.definition["fields"].append({"name": name, "type": kind})
        tenant.definition["case_types"][0]["fields"].append({"field": name})
    definition = compile_definition(tenant.definition)
    problems = definition.change_problems("request", {field: value})
    assert [problem.rule for problem in problems] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("type_", "value", "sentence"),
    [
        ("date", "tomorrow", "Held on has to be a day, as in 2026-12-08."),
        ("number", "many", "Held on has to be a number, as in 12.5."),
        ("boolean", "perhaps", "Held on has to be true or false."),
        ("files", "one.pdf", "Held on has to be a list of names of files."),
        ("text", 7, "Held on has to be a text."),
    ],
)
def test_a_wrong_type_says_what_is_expected(type_: Any, value: Any, sentence: str) -> None:
    (problem,) = form_problems({"held": value}, [CaseField(name="held", type=type_)], ())
    assert (problem.field, problem.rule, problem.limit) == ("held", "type", type_)
    assert problem.sentence("Held on") == sentence
