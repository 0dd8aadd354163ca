"""Tags: declared once, for types that there are, with a text, and asked about by name."""

from typing import Any

import pytest

from tests.unit.definition.sample_tenant import Tenant


def tagged(tenant: Tenant, *tags: dict[str, Any]) -> None:
    """The sample tenant with these tags, and a text for each."""
    tenant.definition["tags"] = [dict(tag) for tag in tags]
    for texts in tenant.texts.values():
        texts["tags"] = {tag["name"]: {"name": tag["name"].title()} for tag in tags}


def test_tags_that_fit_are_found_good(tenant: Tenant) -> None:
    tagged(tenant, {"name": "vip", "case_types": ["request"]}, {"name": "late"})
    tenant.definition["notices"][0]["when"] = "'vip' in case.tags"
    tenant.definition["automations"] = [
        {"name": "again", "on": "tagged:vip", "then": [{"assess_again": True}]}
    ]
    assert tenant.findings() == []


@pytest.mark.parametrize(
    ("tags", "code", "path"),
    [
        (
            [{"name": "vip", "case_types": ["riddle"]}],
            "unknown-case-type",
            "tags[vip].case_types[0]",
        ),
        ([{"name": "vip"}, {"name": "vip"}], "duplicate-name", "tags[vip].name"),
    ],
)
def test_tags_that_do_not_fit_are_found(
    tags: list[dict[str, Any]], code: str, path: str, tenant: Tenant
) -> None:
    tagged(tenant, *tags)
    assert (tenant.only().code, tenant.only().path) == (code, path)


def test_a_tag_needs_a_text(tenant: Tenant) -> None:
    tagged(tenant, {"name": "vip"})
    for texts in tenant.texts.values():
        texts.pop("tags")
    assert {one.code for one in tenant.findings()} == {"missing-translation"}


@pytest.mark.parametrize("rule", ["'vap' in case.tags", "event.tag == 'vap'"])
def test_a_rule_that_asks_for_another_tag_is_found(rule: str, tenant: Tenant) -> None:
    tagged(tenant, {"name": "vip"})
    tenant.definition["notices"][0]["when"] = rule
    assert "vip" in str(tenant.only())


def test_what_waits_for_another_tag_is_found(tenant: Tenant) -> None:
    tagged(tenant, {"name": "vip"})
    tenant.definition["automations"] = [
        {"name": "again", "on": "tagged:vap", "then": [{"assess_again": True}]}
    ]
    assert tenant.only().code == "unknown-tag"
