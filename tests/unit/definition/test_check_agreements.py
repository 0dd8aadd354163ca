"""Agreements and people: promises that can be measured, people who can be found."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.definition.sample_tenant import Tenant

Spoil = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("spoil", "code", "path"),
    [
        (lambda a: a.update(tenant="other"), "wrong-tenant", "tenant"),
        (lambda a: a.update(customer="nobody"), "unknown-customer", "customer"),
        (lambda a: a.update(calendar="dsk"), "unknown-calendar", "calendar"),
        (lambda a: a.pop("targets"), "no-targets", "targets"),
        (lambda a: a.update(kind="best_effort"), "best-effort", "targets"),
        (
            lambda a: a["targets"][0].update(calendar="x"),
            "unknown-calendar",
            "targets[first_response].calendar",
        ),
        (
            lambda a: a["targets"][0].update(case_types=["wish"]),
            "unknown-case-type",
            "targets[first_response].case_types[0]",
        ),
        (
            lambda a: a["targets"][0].update(priorities={"P9": "PT1H"}),
            "unknown-priority",
            "targets[first_response].priorities.P9",
        ),
        (lambda a: a["targets"][0].pop("priorities"), "no-length", "targets[first_response]"),
        (
            lambda a: a["targets"][0].update(metric="resolution"),
            "duplicate-name",
            "targets[resolution].name",
        ),
        (
            lambda a: a["targets"][0].update(warnings=[0.9, 0.5]),
            "warnings",
            "targets[first_response].warnings",
        ),
        (
            lambda a: a["targets"][0].update(warnings=[1.5]),
            "warnings",
            "targets[first_response].warnings",
        ),
        (
            lambda a: a["targets"][0].update(when="case.x == 1"),
            "rule",
            "targets[first_response].when",
        ),
        (
            lambda a: a["targets"][0].update(promised=95),
            "value",
            "targets[first_response].promised",
        ),
        (lambda a: a["targets"][1].update(length=0), "length", "targets[resolution].length"),
        (lambda a: a["targets"][1].update(length=-60), "length", "targets[resolution].length"),
        (lambda a: a["targets"][1].update(length="PT0S"), "length", "targets[resolution].length"),
        (
            lambda a: a["targets"][1].update(length="2 hours"),
            "length",
            "targets[resolution].length",
        ),
        (lambda a: a["targets"][1].update(length="P1D"), "length", "targets[resolution].length"),
        (lambda a: a["targets"][1].update(elapsed=True), "length", "targets[resolution].length"),
        (
            lambda a: a.update(calendars={"own": {"hours": {}}}),
            "calendar",
            "calendars.own.timezone",
        ),
    ],
)
def test_a_mistake_in_an_agreement_is_found(
    tenant: Tenant, spoil: Spoil, code: str, path: str
) -> None:
    spoil(tenant.agreements["gold"])
    found = tenant.findings()
    assert (code, path) in [(finding.code, finding.path) for finding in found]
    assert {finding.file.rpartition("/")[2] for finding in found} == {"gold.yaml"}


def test_a_target_without_calendar_is_found(tenant: Tenant) -> None:
    del tenant.agreements["gold"]["calendar"]
    assert tenant.codes() == ["no-calendar"]


def test_elapsed_time_needs_no_calendar(tenant: Tenant) -> None:
    agreement = tenant.agreements["gold"]
    del agreement["calendar"]
    agreement["targets"] = [{"metric": "resolution", "length": "P2D", "elapsed": True}]
    assert tenant.findings() == []


def test_a_customer_has_one_agreement(tenant: Tenant) -> None:
    tenant.agreements["silver"] = {**tenant.agreements["gold"], "id": "silver"}
    assert tenant.only().code == "second-agreement"


def test_an_agreement_has_an_id_of_its_own(tenant: Tenant) -> None:
    tenant.directory["customers"].append({"id": "bolt", "name": "Bolt"})
    tenant.agreements["silver"] = {**tenant.agreements["gold"], "customer": "bolt"}
    assert tenant.only().code == "duplicate-name"


def _contact(**changes: Any) -> dict[str, Any]:
    contact = {"id": "cas", "customer": "acme", "name": "Cas", "email": "cas@acme.example"}
    return {**contact, "language": "nl", **changes}


@pytest.mark.parametrize(
    ("spoil", "code", "path"),
    [
        (lambda d: d.update(visitors=[]), "unknown-section", "visitors"),
        (lambda d: d.update(contacts={}), "value", "contacts"),
        (lambda d: d["contacts"].append(_contact(role="king")), "entry", "contacts[Cas]"),
        (lambda d: d["contacts"].append(_contact(hat="red")), "entry", "contacts[Cas]"),
        (lambda d: d["contacts"].append(_contact(email="cas")), "entry", "contacts[Cas]"),
        (lambda d: d["contacts"].append(_contact(id="c/as")), "entry", "contacts[Cas]"),
        (lambda d: d["contacts"].append("Cas"), "entry", "contacts[1]"),
        (lambda d: d["contacts"].append(_contact(id="ann")), "duplicate-name", "contacts[Cas].id"),
        (
            lambda d: d["contacts"].append(_contact(customer="bolt")),
            "unknown-customer",
            "contacts[Cas].customer",
        ),
        (
            lambda d: d["contacts"].append(_contact(language="de")),
            "unknown-language",
            "contacts[Cas].language",
        ),
        (
            lambda d: d["contacts"].append(_contact(email="ANN@acme.example")),
            "duplicate-address",
            "contacts[Cas].email",
        ),
        (
            lambda d: d["contacts"].append(_contact(email="help@sample.example")),
            "own-address",
            "contacts[Cas].email",
        ),
        (lambda d: d["agents"][0].update(teams=["x"]), "unknown-team", "agents[Bob].teams[0]"),
        (lambda d: d["agents"][0].update(roles=["chef"]), "unknown-role", "agents[Bob].roles[0]"),
    ],
)
def test_a_mistake_in_the_directory_is_found(
    tenant: Tenant, spoil: Spoil, code: str, path: str
) -> None:
    spoil(tenant.directory)
    finding = tenant.only()
    assert (finding.code, finding.path) == (code, path)
