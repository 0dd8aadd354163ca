"""Ways in: what is wrong with them, who may use them when, and what a case begins with."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from case_definition.lookup.definition import Definition, compile_definition
from case_definition.publishing.loading import load_tenant
from case_definition.rules.channel_rules import (
    channel_limit,
    choice_of,
    receipt_limit,
    refused_text,
    start_priority_of,
    start_status_of,
)

from tests.unit.definition.sample_tenant import Tenant

MONDAY_NOON, MONDAY_NIGHT = (
    datetime.fromisoformat(f"2026-03-02T{time}:00+01:00") for time in ("12:00", "20:00")
)
LINE: dict[str, Any] = {
    "name": "line",
    "way": "portal",
    "by": ["contact"],
    "case_types": ["request"],
    "when": "contact.role == 'key'",
    "hours": {"calendar": "desk", "open": "inside"},
    "priority": "P1",
    "status": "asked",
}
PHONE: dict[str, Any] = {
    "name": "phone",
    "by": ["contact", "agent"],
    "menu": [
        {"name": "help", "team": "experts", "case_type": "request"},
        {"name": "hurry", "channel": "line"},
        {"name": "else"},
    ],
}


@pytest.fixture
def called(tenant: Tenant) -> Tenant:
    """A tenant with a line of its own and a telephone menu that leads there."""
    tenant.definition["channels"] += [deepcopy(LINE), deepcopy(PHONE)]
    for texts in tenant.texts.values():
        texts["channels"] |= {
            "line": {"name": "Line", "refused": "Ask a colleague."},
            "phone": {"name": "Phone", "menu": {"help": "1", "hurry": "2", "else": "3"}},
        }
    return tenant


@pytest.fixture
def definition(called: Tenant) -> Definition:
    return compile_definition(load_tenant(called.write()).definition)


def test_named_ways_in_and_a_menu_are_sound(called: Tenant) -> None:
    assert called.findings() == []


SPOILT: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], object], str, str]] = {
    "no way": (lambda line, _: line.pop("way"), "value", "channels[line]"),
    "mail by another name": (lambda line, _: line.update(way="mail"), "value", "channels[line]"),
    "another way than its name": (
        lambda _, phone: phone.update(way="api"), "value", "channels[phone]"),
    "type": (
        lambda line, _: line.update(case_types=["wish"]),
        "unknown-case-type", "channels[line].case_types[0]"),
    "calendar": (
        lambda line, _: line["hours"].update(calendar="night"),
        "unknown-calendar", "channels[line].hours.calendar"),
    "priority": (
        lambda line, _: line.update(priority="P0"), "unknown-priority", "channels[line].priority"),
    "status": (
        lambda line, _: line.update(status="begun"), "unknown-status", "channels[line].status"),
    "final status": (
        lambda line, _: line.update(status="done"),
        "status-of-a-channel", "channels[line].status"),
    "rule": (lambda line, _: line.update(when="contact.hat"), "rule", "channels[line].when"),
    "for nobody": (lambda line, _: line.update(by=["agent"]), "for-nobody", "channels[line].by"),
    "own type not let in": (
        lambda _, phone: phone.update(case_type="wish", case_types=["request"]),
        "for-nobody", "channels[phone].case_type"),
    "menu without a telephone": (
        lambda line, phone: line.update(menu=[{"name": "help"}]), "menu", "channels[line].menu"),
    "team of a choice": (
        lambda _, phone: phone["menu"][0].update(team="nurses"),
        "unknown-team", "channels[phone].menu[help].team"),
    "type of a choice": (
        lambda _, phone: phone["menu"][0].update(case_type="wish"),
        "unknown-case-type", "channels[phone].menu[help].case_type"),
    "way in of a choice": (
        lambda _, phone: phone["menu"][1].update(channel="lien"),
        "unknown-channel", "channels[phone].menu[hurry].channel"),
    "mail as a choice": (
        lambda _, phone: phone["menu"][1].update(channel="mail"),
        "unknown-channel", "channels[phone].menu[hurry].channel"),
    "choice that leads round": (
        lambda _, phone: phone["menu"][1].update(channel="phone"),
        "menu", "channels[phone].menu[hurry].channel"),
    "choice that is not for who types it": (
        lambda _, phone: phone.update(by=["agent"]),
        "menu", "channels[phone].menu[hurry].channel"),
    "strangers by a way in of contacts": (
        lambda line, _: line.update(unregistered_contacts="accepted"),
        "for-nobody", "channels[line].unregistered_contacts"),
    "choice twice": (
        lambda _, phone: phone["menu"][2].update(name="help"),
        "duplicate-name", "channels[phone].menu[help].name"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "code", "path"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_with_a_way_in_is_found(
    called: Tenant,
    spoil: Callable[[dict[str, Any], dict[str, Any]], object],
    code: str,
    path: str,
) -> None:
    spoil(*called.definition["channels"][1:])
    assert (code, path) in [(one.code, one.path) for one in called.findings()]


@pytest.fixture
def open_to_unregistered(tenant: Tenant) -> Tenant:
    """A tenant who takes the cases of people who are in no directory, by mail and telephone."""
    tenant.definition["channels"][0]["unregistered_contacts"] = "accepted"
    phone = {"name": "phone", "by": ["agent"], "unregistered_contacts": "accepted"}
    tenant.definition["channels"].append(phone)
    tenant.definition["case_types"][0]["created_by"].append("agent")
    for texts in tenant.texts.values():
        texts["channels"]["phone"] = {"name": "Phone", "refused": "Write a mail."}
    return tenant


NEEDS = "needs-a-customer"
OF_BOTH = [(NEEDS, f"channels[{name}].unregistered_contacts") for name in ("mail", "phone")]
BEYOND_UNREGISTERED: dict[str, tuple[Callable[[dict[str, Any]], object], list[tuple[str, str]]]] = {
    "nothing": (lambda _: None, []),
    "a customer, at the way in": (
        lambda found: found["channels"][1].update(when="customer.id != 'acme'"), OF_BOTH[1:]),
    "a customer, at the type": (
        lambda found: found["case_types"][0].update(when="customer.id != 'acme'"), OF_BOTH),
    "a role, which agents need not have": (
        lambda found: found["case_types"][0].update(
            when="actor.capacity == 'agent' || contact.role == 'key'"), OF_BOTH[:1]),
    "somebody who may create it": (
        lambda found: found["case_types"][0].update(created_by=["contact"]),
        [("for-nobody", "channels[phone].by"),
         ("for-nobody", "channels[phone].unregistered_contacts")]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"), BEYOND_UNREGISTERED.values(), ids=BEYOND_UNREGISTERED
)
def test_strangers_are_taken_where_nothing_asks_what_they_do_not_have(
    open_to_unregistered: Tenant,
    change: Callable[[dict[str, Any]], object],
    expected: list[tuple[str, str]],
) -> None:
    change(open_to_unregistered.definition)
    assert [(one.code, one.path) for one in open_to_unregistered.findings()] == expected


def test_work_that_a_contact_has_to_approve_is_not_a_strangers(
    open_to_unregistered: Tenant,
) -> None:
    open_to_unregistered.definition["approvals"] = [{"name": "hours"}]
    for texts in open_to_unregistered.texts.values():
        texts["approvals"] = {"hours": {"name": "Hours"}}
    found = [(one.code, one.path) for one in open_to_unregistered.findings()]
    assert [one for one in found if one[0] == NEEDS] == OF_BOTH


def test_a_status_that_no_such_case_gets_to(called: Tenant) -> None:
    called.definition["transitions"][0]["to"] = "new"
    found = [(one.code, one.path) for one in called.findings()]
    assert ("status-of-a-channel", "channels[line].status") in found


@pytest.mark.parametrize(("part", "key"), [("line", "refused"), ("phone", "menu")])
def test_who_is_refused_or_asked_to_choose_is_told_in_every_language(
    called: Tenant, part: str, key: str
) -> None:
    del called.texts["nl"]["channels"][part][key]
    assert set(called.codes()) == {"missing-translation"}


def _limit(definition: Definition, capacity: str = "contact", role: str = "key",
           case_type: str = "request", at: datetime = MONDAY_NOON) -> str | None:  # fmt: skip
    variables = {"case": {"type": case_type}, "contact": {"role": role}}
    return channel_limit(definition.channels["line"], definition, capacity, variables, at)


def test_the_first_limit_that_is_met_says_why(definition: Definition) -> None:
    assert _limit(definition) is None
    assert _limit(definition, case_type="") is None
    assert _limit(definition, capacity="agent") == "by"
    assert _limit(definition, role="normal", at=MONDAY_NIGHT) == "when"
    assert _limit(definition, at=MONDAY_NIGHT) == "hours"
    assert _limit(definition, case_type="wish") == "case_types"


def test_only_outside_the_hours(called: Tenant) -> None:
    called.definition["channels"][1]["hours"]["open"] = "outside"
    definition = compile_definition(load_tenant(called.write()).definition)
    assert _limit(definition) == "hours"
    assert _limit(definition, at=MONDAY_NIGHT) is None


def test_what_a_case_begins_with(definition: Definition) -> None:
    """Its channel says it, or else its type; without the matrix where the channel does."""
    filled_in = {"impact": "big", "haste": "small"}
    assert start_status_of("request", "line", definition) == "asked"
    assert start_priority_of("request", "line", filled_in, definition) == ("P1", {})
    assert start_status_of("request", "mail", definition) == "new"
    assert start_priority_of("request", "mail", filled_in, definition) == ("P2", filled_in)
    assert start_status_of("request", "of-another-version", definition) == "new"


def test_a_choice_is_one_of_its_menu(definition: Definition) -> None:
    choice = choice_of("phone", "help", definition)
    assert choice is not None
    assert choice.team == "experts"
    assert choice_of("line", "help", definition) is None
    assert choice_of("phone", "", definition) is None


def test_the_pointer_is_in_the_language_of_who_reads_it(called: Tenant) -> None:
    called.texts["nl"]["channels"]["line"]["refused"] = "Vraag een collega."
    definition = compile_definition(load_tenant(called.write()).definition)
    assert refused_text("line", definition, "nl") == "Vraag een collega."
    assert refused_text("line", definition, "fr") == "Ask a colleague."
    assert refused_text("mail", definition, "nl") == ""


@pytest.mark.parametrize(
    ("channel", "within", "code", "says"),
    [
        ("phone", "P14D", "", ""),
        ("phone", "2 weeks", "length", "cannot be"),
        ("phone", "P1M", "length", "write hours or days"),
        ("line", "P14D", "for-nobody", "only agents say"),
        ("mail", "P14D", "for-nobody", "only agents say"),
    ],
)
def test_agents_say_when_something_was_received(
    called: Tenant, channel: str, within: str, code: str, says: str
) -> None:
    for one in called.definition["channels"]:
        if one["name"] == channel:
            one["received_within"] = within
    found = called.findings()
    assert [one.code for one in found] == ([code] if code else [])
    for one in found:
        assert one.path == f"channels[{channel}].received_within"
        assert says in one.sentence


@pytest.mark.parametrize(
    ("ago", "within", "capacity", "limit"),
    [
        (timedelta(days=14), "P14D", "agent", None),
        (timedelta(0), "P14D", "agent", None),
        (timedelta(days=14, microseconds=1), "P14D", "agent", "received_within"),
        (timedelta(microseconds=-1), "P14D", "agent", "past"),
        (timedelta(days=1), "P14D", "contact", "received_within"),
        (timedelta(0), None, "agent", "received_within"),
    ],
)
def test_what_was_received_was_so_lately(
    called: Tenant, ago: timedelta, within: str | None, capacity: str, limit: str | None
) -> None:
    phone = next(one for one in called.definition["channels"] if one["name"] == "phone")
    phone["received_within"] = within
    channel = compile_definition(called.definition).channels["phone"]
    assert receipt_limit(channel, capacity, MONDAY_NOON - ago, MONDAY_NOON) == limit
