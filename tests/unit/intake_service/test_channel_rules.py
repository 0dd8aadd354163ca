"""Named ways in: who may use one when, and where a telephone menu leads (O7, J1, C1)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.schema.agreements import compile_agreement
from case_events.contracts.intake import CaseCreated
from case_events.contracts.refusals import InputRefused
from case_intake.domain.form_routing import route_form
from case_intake.domain.forms import forms
from case_intake.domain.inbound import Creator, FormSubmission
from case_intake.domain.mail_routing import route_mail
from case_intake.domain.routing_result import RoutingResult
from case_intake.entrypoints.bodies import NewCaseRequest
from msgspec.structs import replace
from pydantic import ValidationError

from tests.unit.intake_service.intake_desk import (
    ANNA,
    BEN,
    OLAF,
    arrival,
    definition,
    document,
    raw_mail,
    reference,
)
from tests.unit.intake_service.test_route_mail import known

DAY, NIGHT = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 20, tzinfo=UTC)
ALONE = Creator(capacity="contact", id="anna", contact=ANNA, roles=("super_user",), language="nl")
CALLED = Creator(capacity="agent", id="ivy", contact=ANNA, roles=("agent",), language="en")


def placed(creator: Creator, channel: str, at: datetime = DAY, menu: str = "",
           case_type: str = "") -> RoutingResult:  # fmt: skip
    """What becomes of a post."""
    sent = FormSubmission(tenant="desk", creator=creator, channel=channel, menu=menu,
                    case_type=case_type, values={"title": "Smoke"})  # fmt: skip
    return route_form(sent, definition(), reference(), at)


def created(routed: RoutingResult) -> CaseCreated:
    """The case that it makes."""
    assert routed.created is not None, routed.mistakes
    return routed.created


def test_it_is_recorded_under_the_name_of_the_way_in() -> None:
    routed = placed(ALONE, "night", NIGHT)
    assert created(routed).case_type == "fault"
    assert [draft.channel for draft in routed.drafts] == ["night"]


@pytest.mark.parametrize(
    ("creator", "given"),
    [(ALONE, "Wacht op de nacht."), (CALLED, "Wait for the night.")],
    ids=["contact", "agent"],
)
def test_who_is_refused_is_told_what_to_do_in_their_own_language(
    creator: Creator, given: str
) -> None:
    routed = placed(creator, "night", DAY)
    (mistake,) = routed.mistakes
    assert (mistake.field, mistake.rule, mistake.reason) == ("channel", "hours", given)
    (draft,) = routed.drafts
    assert isinstance(draft.event, InputRefused)
    assert (draft.channel, draft.event.code) == ("night", "not_allowed")
    assert (draft.event.field, draft.event.rule, draft.event.reason) == ("channel", "hours", given)


def test_the_rule_of_a_way_in_is_about_the_contact_who_is_called_for() -> None:
    normal = replace(CALLED, contact=BEN)
    assert [one.rule for one in placed(normal, "night", NIGHT).mistakes] == ["when"]
    assert created(placed(CALLED, "night", NIGHT)).contact == "anna"


@pytest.mark.parametrize(
    ("channel", "menu", "field"),
    [("noon", "", "channel"), ("mail", "", "channel"), ("phone", "lunch", "menu"),
     ("api", "wishes", "menu"), ("noon", "wishes", "menu")],
)  # fmt: skip
def test_only_ways_in_and_choices_that_there_are(channel: str, menu: str, field: str) -> None:
    (mistake,) = placed(CALLED, channel, NIGHT, menu, case_type="fault").mistakes
    assert (mistake.field, mistake.rule, mistake.forbidden) == (field, "options", False)


def test_a_choice_of_the_menu_is_on_record_and_gives_the_type() -> None:
    event = created(placed(CALLED, "phone", menu="wishes"))
    assert (event.menu, event.case_type) == ("wishes", "wish")
    assert created(placed(CALLED, "phone", menu="wishes", case_type="fault")).case_type == "fault"


def test_a_choice_leads_to_another_way_in_with_all_its_limits() -> None:
    by_night = placed(CALLED, "phone", NIGHT, "night")
    assert (created(by_night).menu, by_night.drafts[0].channel) == ("night", "night")
    assert [one.rule for one in placed(CALLED, "phone", DAY, "night").mistakes] == ["hours"]


def test_another_choice_is_another_post_under_the_same_key() -> None:
    sent = FormSubmission(tenant="desk", creator=CALLED, channel="phone")
    assert sent.digest != replace(sent, menu="night").digest


def test_forms_are_those_that_can_be_sent_now() -> None:
    for at, names in ((DAY, []), (NIGHT, ["fault"])):
        assert [
            form.name for form in forms(definition(), ALONE, "night", None, reference(), at)
        ] == names


def test_mail_that_comes_by_no_way_in_is_refused() -> None:
    closed = document()
    closed["channels"][0]["by"] = ["agent"]
    asked = replace(known(), definition=compile_definition(closed))
    routed = route_mail(arrival(raw_mail()), asked)
    assert [(one.field, one.rule) for one in routed.mistakes] == [("channel", "by")]


def test_a_way_in_has_a_name() -> None:
    with pytest.raises(ValidationError):
        NewCaseRequest(channel="by the back door")


@pytest.mark.parametrize(("named", "rules"), [("ivy", []), ("ben", ["agent"]), ("", [])])
def test_a_field_names_an_active_agent_of_the_desk(named: str, rules: list[str]) -> None:
    changed_document = document()
    changed_document["fields"].append({"name": "about", "type": "agent", "editable_by": ["agent"]})
    changed_document["case_types"][0]["fields"].append({"field": "about"})
    sent = FormSubmission(tenant="desk", creator=CALLED, channel="api", case_type="fault",
                    values={"title": "Smoke", "about": named})  # fmt: skip
    routed = route_form(sent, compile_definition(changed_document), reference(), DAY)
    assert [mistake.rule for mistake in routed.mistakes] == rules
    if not rules:
        assert created(routed).fields == ({"about": "ivy"} if named else {})


@pytest.mark.parametrize(("channel", "asked"), [("api", True), ("phone", False)])
def test_a_field_is_filled_in_and_asked_for_where_its_rule_holds(channel: str, asked: bool) -> None:
    changed_document = document()
    cause = next(field for field in changed_document["fields"] if field["name"] == "cause")
    cause["editable_when"] = "case.channel == 'api' && case.type == 'fault'"
    desk = compile_definition(changed_document)
    sent = FormSubmission(tenant="desk", creator=CALLED, channel=channel, case_type="fault",
                    values={"title": "Smoke", "cause": "Fire"})  # fmt: skip
    mistakes = route_form(sent, desk, reference(), DAY).mistakes
    assert [one.rule for one in mistakes] == ([] if asked else ["editable_when"])
    form, _ = forms(desk, CALLED, channel, None, reference(), DAY)
    assert ("cause" in [field.name for field in form.fields]) == asked


RECEIVED = DAY - timedelta(days=3)


def received(channel: str, at: datetime = RECEIVED) -> RoutingResult:
    """What becomes of a post that is said to have been received before."""
    changed_document = document()
    for way in changed_document["channels"]:
        if way["name"] == "phone":
            way["received_within"] = "P7D"
    sent = FormSubmission(tenant="desk", creator=CALLED, channel=channel, case_type="fault",
                    values={"title": "Smoke"}, received_at=at)  # fmt: skip
    return route_form(sent, compile_definition(changed_document), reference(), DAY)


def test_a_case_happened_when_it_was_received() -> None:
    routed = received("phone")
    assert created(routed)
    assert [draft.occurred_at for draft in routed.drafts] == [RECEIVED]
    assert [draft.occurred_at for draft in placed(CALLED, "api", case_type="fault").drafts] == [
        None
    ]


@pytest.mark.parametrize(
    ("channel", "at", "rule"),
    [
        ("phone", DAY + timedelta(seconds=1), "past"),
        ("phone", DAY - timedelta(days=8), "received_within"),
        ("api", RECEIVED, "received_within"),
    ],
)
def test_a_refused_receipt_is_kept_as_of_now(channel: str, at: datetime, rule: str) -> None:
    routed = received(channel, at)
    assert [(one.field, one.rule) for one in routed.mistakes] == [("received_at", rule)]
    assert [draft.occurred_at for draft in routed.drafts] == [None]


@pytest.mark.parametrize(
    ("given", "sound"),
    [("2026-02-26T09:00:00+01:00", True), ("2026-02-26T09:00:00", False), ("yesterday", False)],
)
def test_a_moment_has_its_offset_in_json_and_in_forms(given: str, sound: bool) -> None:
    body = {"received_at": given}

    def read() -> list[datetime | None]:
        asked = (
            NewCaseRequest.model_validate(body),
            NewCaseRequest.model_validate_json(json.dumps(body)),
        )
        return [one.received_at for one in asked]

    if sound:
        assert read() == [datetime.fromisoformat(given)] * 2
    else:
        with pytest.raises(ValidationError):
            read()


@pytest.mark.parametrize("rule", ["agreement.kind == 'sla'", "agreement.id == 'gold'"])
@pytest.mark.parametrize("part", ["channels", "case_types"])
def test_who_comes_in_is_asked_for_their_agreement(part: str, rule: str) -> None:
    """A way in, or a type of case, for customers with an SLA: theirs is the one of Acme."""
    changed_document = document()
    asked = next(one for one in changed_document[part] if one["name"] in ("api", "fault"))
    asked["when"] = rule
    desk, known = compile_definition(changed_document), reference()
    agreement = {"id": "gold", "tenant": "desk", "customer": "acme", "version": 1, "kind": "sla"}
    known.add_agreement(compile_agreement(agreement))
    rules = {}
    for contact in (ANNA, OLAF):
        creator = replace(ALONE, id=contact.id, contact=contact)
        sent = FormSubmission(tenant="desk", creator=creator, channel="api", case_type="fault",
                        values={"title": "Smoke"})  # fmt: skip
        routed = route_form(sent, desk, known, DAY)
        rules[contact.id] = [one.rule for one in routed.mistakes]
        offered = [form.name for form in forms(desk, creator, "api", None, known, DAY)]
        assert offered == ([] if rules[contact.id] else ["fault"])
    assert rules == {"anna": [], "olaf": ["when"]}
