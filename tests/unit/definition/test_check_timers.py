"""Process timers: mistakes in them are found, with their place and what to do."""

from typing import Any

import pytest

from tests.unit.definition.sample_tenant import Tenant

TIMER: dict[str, Any] = {
    "name": "forget",
    "after": "PT48H",
    "elapsed": True,
    "since": ["status:asked"],
}
FOLLOWS = {"name": "forgotten", "on": "timer:forget", "then": [{"assess_again": True}]}


def _with(tenant: Tenant, timer: dict[str, Any]) -> Tenant:
    tenant.definition["timers"] = [timer]
    tenant.definition["automations"] = [FOLLOWS]
    return tenant


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"until": ["customer_reply", "left:new", "assigned", "prioritised"]},
        {"since": ["created", "timer:forget", "type:request"]},
        {"when": "case.fields.impact == 'big'"},
    ],
)
def test_a_timer_that_can_work_has_no_findings(tenant: Tenant, changes: dict[str, Any]) -> None:
    assert _with(tenant, TIMER | changes).findings() == []


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"after": "PT0S"}, "length", "timers[forget].after"),
        ({"after": "soon"}, "length", "timers[forget].after"),
        ({"since": ["status:gone"]}, "unknown-signal", "timers[forget].since[0]"),
        ({"until": ["left:gone"]}, "unknown-signal", "timers[forget].until[0]"),
        ({"until": ["timer:other"]}, "unknown-timer", "timers[forget].until[0]"),
        ({"elapsed": False}, "no-calendar", "timers[forget]"),
        ({"calendar": "moon"}, "unknown-calendar", "timers[forget].calendar"),
        ({"case_types": ["wish"]}, "unknown-case-type", "timers[forget].case_types[0]"),
        ({"when": "case.status == 'new'"}, "rule", "timers[forget].when"),
    ],
)
def test_a_mistake_is_found_where_it_stands(
    tenant: Tenant, changes: dict[str, Any], code: str, path: str
) -> None:
    found = _with(tenant, TIMER | changes).findings()
    assert (code, path) in [(one.code, one.path) for one in found]


def test_a_timer_that_leads_to_nothing_is_found(tenant: Tenant) -> None:
    tenant.definition["timers"] = [TIMER]
    assert [(one.code, one.path) for one in tenant.findings()] == [("idle-timer", "timers[forget]")]


def test_a_timer_has_a_name_of_its_own(tenant: Tenant) -> None:
    tenant.definition["metrics"] = [{"name": "forget", "begins": ["created"], "ends": ["assigned"]}]
    found = _with(tenant, TIMER).findings()
    assert ("duplicate-name", "timers[forget].name") in [(one.code, one.path) for one in found]


def test_a_status_can_hold_a_timer(tenant: Tenant) -> None:
    tenant.definition["statuses"][1]["pauses"] = ["resolution", "forget"]
    assert _with(tenant, TIMER).findings() == []
