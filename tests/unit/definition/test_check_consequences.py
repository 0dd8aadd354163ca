"""What follows by itself: mistakes in it are found, with their place and what to do."""

from typing import Any

import pytest

from tests.unit.definition.sample_tenant import Tenant

ASSIGN = {"assign": "desk"}


def _automation(**changes: Any) -> dict[str, Any]:
    return {"name": "more", "on": "contact_replied", "then": [{"assess_again": True}], **changes}


def test_what_follows_can_be_said_of_steps_and_of_events(tenant: Tenant) -> None:
    tenant.definition["transitions"][0]["then"] = [{"set_fields": {"cause": "unknown"}}]
    tenant.definition["automations"] = [_automation(when="event.public")]
    assert tenant.findings() == []


@pytest.mark.parametrize(
    ("automation", "code", "path"),
    [
        (_automation(on="contact_wrote"), "unknown-trigger", "automations[more].on"),
        (_automation(on="created:desk"), "trigger", "automations[more].on"),
        (_automation(on="breached:speed"), "unknown-metric", "automations[more].on"),
        (_automation(case_types=["wish"]), "unknown-case-type", "automations[more].case_types[0]"),
        (
            _automation(then=[{"assign": "moon"}]),
            "unknown-team",
            "automations[more].then[0].assign",
        ),
        (
            _automation(then=[{"set_fields": {"colour": "red"}}]),
            "unknown-field",
            "automations[more].then[0].set_fields.colour",
        ),
        (
            _automation(then=[{"set_fields": {"impact": "huge"}}]),
            "value",
            "automations[more].then[0].set_fields.impact",
        ),
        (_automation(on="assigned", then=[ASSIGN]), "circle", "automations[more].then"),
        (_automation(when="event.colour == 1"), "rule", "automations[more].when"),
    ],
)
def test_a_mistake_is_found_where_it_stands(
    tenant: Tenant, automation: dict[str, Any], code: str, path: str
) -> None:
    tenant.definition["automations"] = [automation]
    assert [(found.code, found.path) for found in tenant.findings()] == [(code, path)]


@pytest.mark.parametrize("then", [{}, {"assess_again": True, "assign": "desk"}])
def test_each_entry_says_one_thing(tenant: Tenant, then: dict[str, Any]) -> None:
    tenant.definition["automations"] = [_automation(then=[then])]
    assert "say one thing that follows" in " ".join(map(str, tenant.findings()))
