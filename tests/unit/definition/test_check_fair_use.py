"""D11: the `fair_use` section, what agreements allow of it, and who looks after an account."""

from datetime import date
from typing import Any

import pytest
from case_definition.schema.fair_use import Period, Span, span_of

from tests.unit.definition.sample_tenant import Tenant

TERMS: dict[str, Any] = {
    "name": "questions", "case_types": ["question"], "per": "month", "team": "desk"
}  # fmt: skip
MAIL = {"subject": "{customer}", "body": "Dear {recipient}, {counted} of {allowed} in {period}."}


def count(tenant: Tenant, **other: Any) -> None:
    """A tenant that counts, with the texts for it."""
    kind = tenant.definition["case_types"][0]["name"]
    terms = TERMS | {"case_types": [kind], "team": tenant.definition["teams"][0]["name"]} | other
    tenant.definition["fair_use"] = [terms]
    for texts in tenant.texts.values():
        texts["fair_use"] = {"questions": {"name": "Questions"}}
        texts["messages"]["fair_use"] = dict(MAIL)


def test_what_is_counted_has_a_name_and_a_mail_in_every_language(tenant: Tenant) -> None:
    count(tenant)
    assert tenant.findings() == []
    tenant.texts["nl"]["messages"].pop("fair_use")
    tenant.texts["en"].pop("fair_use")
    assert set(tenant.codes()) == {"missing-translation"}
    tenant.definition.pop("fair_use")
    assert set(tenant.codes()) == {"unused-text"}


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"case_types": ["none"]}, "unknown-case-type"),
        ({"case_types": []}, "value"),
        ({"team": "none"}, "unknown-team"),
        ({"per": "week"}, "value"),
    ],
)
def test_what_does_not_fit_is_found(tenant: Tenant, other: dict[str, Any], code: str) -> None:
    count(tenant, **other)
    assert code in tenant.codes()


def test_the_mail_names_what_is_known(tenant: Tenant) -> None:
    count(tenant)
    tenant.texts["en"]["messages"]["fair_use"]["body"] = "{contact}"
    assert tenant.codes() == ["unknown-placeholder"]


def test_an_account_agent_is_an_agent(tenant: Tenant) -> None:
    tenant.directory["customers"][0]["account_agent"] = "nobody"
    (found,) = tenant.findings()
    assert (found.code, found.path) == ("unknown-agent", "customers[Acme].account_agent")


@pytest.mark.parametrize(
    ("per", "day", "span"),
    [
        ("month", date(2026, 12, 31), Span("2026-12", date(2026, 12, 1), date(2027, 1, 1))),
        ("month", date(2026, 2, 1), Span("2026-02", date(2026, 2, 1), date(2026, 3, 1))),
        ("quarter", date(2026, 3, 31), Span("2026-Q1", date(2026, 1, 1), date(2026, 4, 1))),
        ("quarter", date(2026, 10, 1), Span("2026-Q4", date(2026, 10, 1), date(2027, 1, 1))),
        ("year", date(2026, 7, 9), Span("2026", date(2026, 1, 1), date(2027, 1, 1))),
    ],
)
def test_a_day_is_in_one_period(per: Period, day: date, span: Span) -> None:
    assert span_of(per, day) == span
