"""D9, D10, D19, O3: mistakes in what is approved and booked are found, with their place."""

from collections.abc import Callable
from typing import Any

import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.lookup.form import FieldProblem
from case_definition.schema.amounts import in_words, minutes_of

from tests.unit.definition.sample_tenant import Tenant

Change = Callable[[dict[str, Any]], Any]


def working(tenant: Tenant) -> dict[str, Any]:
    """The sample's definition, with approvals and work that are sound."""
    document = tenant.definition
    document["fields"].append({"name": "costs", "type": "boolean"})
    document["case_types"][0]["fields"].append({"field": "costs", "accept": True})
    document["case_types"][0]["created_by"] = ["contact"]
    document["channels"] = [{"name": "portal", "by": ["contact"]}]
    document["approvals"] = [
        {"name": "study", "at_submission": {"amount": "PT2H", "accepts": "costs"}, "asks": "PT1H"}
    ]
    document["work"] = {
        "kinds": [{"name": "advice"}],
        "surcharges": [{"outside": "desk", "percent": 50}],
        "allowances": [{"name": "first", "amount": "PT30M"}],
        "billing": [
            {"name": "free", "billable": False, "when": 'agreement.kind == "sla"'},
            {"name": "standard", "billable": True},
        ],
    }
    for texts in tenant.texts.values():
        texts["fields"]["costs"] = {"name": "Costs"}
        texts["channels"] = {"portal": {"name": "Portal"}}
        texts["approvals"] = {"study": {"name": "Study"}}
        texts["work_kinds"] = {"advice": {"name": "Advice"}}
        texts["allowances"] = {"first": {"name": "First"}}
        texts["billing"] = {"free": {"name": "Free"}, "standard": {"name": "Standard"}}
    return document


def test_approvals_and_work_can_be_said(tenant: Tenant) -> None:
    working(tenant)
    assert tenant.findings() == []


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (lambda d: d["approvals"][0].update(asks="PT1S"), "amount", "approvals[study].asks"),
        (
            lambda d: d["approvals"][0]["at_submission"].update(amount="soon"),
            "amount",
            "approvals[study].at_submission.amount",
        ),
        (
            lambda d: d["approvals"][0]["at_submission"].update(accepts="impact"),
            "accept",
            "approvals[study].at_submission.accepts",
        ),
        (
            lambda d: d["approvals"][0].update(
                unit="working_days", asks="PT1H", at_submission=None
            ),
            "amount",
            "approvals[study].asks",
        ),
        (
            lambda d: d["approvals"][0].update(case_types=["wish"]),
            "unknown-case-type",
            "approvals[study].case_types[0]",
        ),
        (
            lambda d: d["approvals"][0].update(when="event.colour == 1"),
            "rule",
            "approvals[study].when",
        ),
        (
            lambda d: d["work"]["surcharges"][0].update(outside="night"),
            "unknown-calendar",
            "work.surcharges[0].outside",
        ),
        (
            lambda d: d["work"]["allowances"][0].update(amount="PT0S"),
            "amount",
            "work.allowances[first].amount",
        ),
        (lambda d: d["work"]["billing"].pop(), "billing", "work.billing[free]"),
        (lambda d: d["work"]["billing"].reverse(), "billing", "work.billing[standard]"),
        (
            lambda d: d["work"]["billing"][0].update(when="case.wish == 1"),
            "rule",
            "work.billing[free].when",
        ),
        (
            lambda d: d.update(
                automations=[
                    {"name": "a", "on": "allowance_used", "then": [{"ask_approval": "other"}]}
                ]
            ),
            "unknown-approval",
            "automations[a].then[0].ask_approval",
        ),
        (
            lambda d: d.update(
                automations=[
                    {"name": "a", "on": "approval_granted:more", "then": [{"assign": "desk"}]}
                ]
            ),
            "unknown-approval",
            "automations[a].on",
        ),
    ],
)
def test_a_mistake_is_found_where_it_stands(
    tenant: Tenant, change: Change, code: str, path: str
) -> None:
    change(working(tenant))
    assert (code, path) in [(found.code, found.path) for found in tenant.findings()]


def test_only_a_yes_or_no_is_accepted(tenant: Tenant) -> None:
    working(tenant)["case_types"][0]["fields"][2]["accept"] = True
    assert tenant.codes() == ["accept"]


def test_a_mail_accepts_nothing(tenant: Tenant) -> None:
    """A case type whose costs must be accepted is not what a mail becomes."""
    document = working(tenant)
    document["channels"] = [{"name": "mail", "by": ["contact"], "case_type": "request"}]
    for texts in tenant.texts.values():
        texts["channels"] = {"mail": {"name": "Mail"}}
    assert tenant.only().code == "mail-case-type"


@pytest.mark.parametrize("answer", [None, False, "", "true"])
def test_what_must_be_accepted_is_a_problem_of_the_form(tenant: Tenant, answer: Any) -> None:
    definition = compile_definition({**working(tenant), "texts": {}})
    values = {"title": "A", "description": "B"} | ({} if answer is None else {"costs": answer})
    assert FieldProblem("costs", "accepted") in definition.form_problems("request", values)
    assert definition.form_problems("request", values | {"costs": True}) == []


@pytest.mark.parametrize(
    ("minutes", "day", "nl", "en"),
    [
        (0, 0, "0 minuten", "0 minutes"),
        (61, 0, "1 uur 1 minuut", "1 hour 1 minute"),
        (960, 0, "16 uur", "16 hours"),
        (960, 480, "2 werkdagen", "2 working days"),
        (500, 480, "8 uur 20 minuten", "8 hours 20 minutes"),
    ],
)
def test_amounts_in_words(minutes: int, day: int, nl: str, en: str) -> None:
    assert (in_words(minutes, "nl", day), in_words(minutes, "en", day)) == (nl, en)


@pytest.mark.parametrize(("text", "minutes"), [("PT90M", 90), ("2 working days", 900), (120, 2)])
def test_amounts_as_written(text: str | int, minutes: int) -> None:
    assert minutes_of(text, 450) == minutes
