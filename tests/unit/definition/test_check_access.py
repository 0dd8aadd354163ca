"""D13, S7, O1: the `access` section and the pointers of a definition, and their texts."""

from typing import Any

import pytest
from case_definition.schema.access import lifetime

from tests.unit.definition.sample_tenant import Tenant

OF_ALL = ("password_reset", "password_changed")
"""The mails of every tenant that gives access."""
MAIL = {"subject": "Access to {tenant}", "body": "Dear {recipient}, until {until}: {link}"}


def let_in(tenant: Tenant, access: dict[str, Any], *mails: str) -> None:
    """A tenant with this section and these mails, in both languages."""
    tenant.definition["access"] = access
    for texts in tenant.texts.values():
        texts["messages"] |= {name: dict(MAIL) for name in mails}
        if "password_changed" in mails:
            texts["messages"]["password_changed"]["body"] = "Not you, {user}? {link}"
        if "invitation" in mails:
            texts["messages"]["invitation"]["body"] += " with {code}"


def test_each_way_in_needs_its_mails_in_every_language(tenant: Tenant) -> None:
    let_in(tenant, {"invitation": {}}, *OF_ALL, "invitation", "confirm_address")
    assert tenant.findings() == []
    tenant.texts["nl"]["messages"].pop("confirm_address")
    assert {finding.sentence for finding in tenant.findings()} == {
        f"`messages.confirm_address.{part}` is missing in nl; add it to texts.nl.yaml"
        for part in ("subject", "body")
    }


def test_the_mails_of_another_way_in_are_not_used(tenant: Tenant) -> None:
    let_in(tenant, {"request_by_mail": {"plus": "access"}}, *OF_ALL, "access_link")
    assert tenant.findings() == []
    let_in(tenant, {"request_by_mail": {"plus": "access"}}, "invitation")
    assert tenant.codes() == ["unused-text"]


@pytest.mark.parametrize(
    ("body", "says"),
    [("Go to {link}", "{code}"), ("Type {code}", "{link}"), ("Welcome!", "{code}, {link}")],
)
def test_an_invitation_without_its_way_in_lets_nobody_in(
    tenant: Tenant, body: str, says: str
) -> None:
    let_in(tenant, {"invitation": {}}, *OF_ALL, "invitation", "confirm_address")
    tenant.texts["nl"]["messages"]["invitation"]["body"] = body
    finding = tenant.only()
    assert (finding.code, finding.path) == (
        "missing-placeholder", "texts.nl.messages.invitation.body",
    )  # fmt: skip
    assert finding.sentence == f"write {says} too: without it nobody gets in"


def test_no_secret_stands_in_a_subject(tenant: Tenant) -> None:
    """It is shown where the mail itself is not."""
    let_in(tenant, {}, *OF_ALL)
    tenant.texts["en"]["messages"]["password_reset"]["subject"] = "Follow {link}"
    finding = tenant.only()
    assert (finding.code, finding.path) == (
        "unknown-placeholder", "texts.en.messages.password_reset.subject",
    )  # fmt: skip
    assert "{link}" not in finding.sentence.partition(";")[2]


@pytest.mark.parametrize(
    ("access", "code", "path"),
    [
        ({"reset_holds": "soon"}, "length", "access.reset_holds"),
        ({"reset_holds": "P1M"}, "length", "access.reset_holds"),
        ({"reset_holds": "2 working days"}, "length", "access.reset_holds"),
        ({"invitation": {"holds": "PT0S"}}, "length", "access.invitation.holds"),
        ({"invitation": {"confirmation_holds": -1}}, "length",
         "access.invitation.confirmation_holds"),
        ({"request_by_mail": {"plus": "a", "holds": "P"}}, "length",
         "access.request_by_mail.holds"),
        ({"request_by_mail": {}}, "access", "access.request_by_mail"),
        ({"invitation": {"by": ["visitor"]}}, "unknown-role", "access.invitation.by[0]"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_stands(
    tenant: Tenant, access: dict[str, Any], code: str, path: str
) -> None:
    let_in(tenant, access)
    assert (code, path) in [(finding.code, finding.path) for finding in tenant.findings()]


def test_a_pointer_needs_both_its_texts_and_a_mail(tenant: Tenant) -> None:
    tenant.definition["case_types"][0]["redirect"] = {"to": ["super_user"], "text": "ask"}
    for texts in tenant.texts.values():
        texts["messages"]["not_allowed"] = {"subject": "No: {subject}", "body": "{reason}"}
        texts["redirects"] = {"ask": {"found": "Ask {people}.", "nobody": "Read {tenant}."}}
    assert tenant.findings() == []
    tenant.texts["en"]["redirects"]["ask"]["found"] = "Ask {whom}."
    assert tenant.only().path == "texts.en.redirects.ask.found"
    tenant.texts["en"]["redirects"]["ask"].pop("found")
    assert tenant.codes() == ["missing-translation"]


def test_lifetimes_are_days_and_hours() -> None:
    assert lifetime("P7DT1H").total_seconds() == (7 * 24 + 1) * 3600
    assert lifetime(90).total_seconds() == 90
