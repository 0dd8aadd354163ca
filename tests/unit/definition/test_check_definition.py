"""Every mistake in a definition is found, with its place and what to do."""

from collections.abc import Callable
from typing import Any

import pytest
from case_definition.check.folder import check

from tests.unit.definition.sample_tenant import ROOT, Tenant

Spoil = Callable[[dict[str, Any]], object]


def test_a_sound_tenant_has_no_findings(tenant: Tenant) -> None:
    assert tenant.findings() == []


@pytest.mark.parametrize("folder", sorted((ROOT / "deploy/tenants").glob("*/")), ids=str)
def test_every_tenant_that_we_ship_is_sound(folder: Any) -> None:
    assert check(folder) == []


def _step(**changes: Any) -> dict[str, Any]:
    return {"name": "more", "from": ["new"], "to": "done", "by": ["agent"], **changes}


def _status(name: str, kind: str = "active") -> dict[str, Any]:
    return {"name": name, "kind": kind, "waits_for": "agent"}


SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "status of a transition": (
        lambda d: d["transitions"][0].update(to="askd"),
        "unknown-status",
        "transitions[ask].to",
    ),
    "status that a transition leaves": (
        lambda d: d["transitions"][0].update({"from": ["nwe"]}),
        "unknown-status",
        "transitions[ask].from[0]",
    ),
    "start status": (
        lambda d: d["case_types"][0].update(start_status="begin"),
        "unknown-status",
        "case_types[request].start_status",
    ),
    "start priority": (
        lambda d: d["case_types"][0].update(start_priority={"priority": "P9"}),
        "unknown-priority",
        "case_types[request].start_priority.priority",
    ),
    "field of a case type": (
        lambda d: d["case_types"][0]["fields"].append({"field": "colour"}),
        "unknown-field",
        "case_types[request].fields[colour].field",
    ),
    "field that a transition requires": (
        lambda d: d["transitions"][2]["requires"].update(fields=["haste"]),
        "unknown-field",
        "transitions[finish].requires.fields[0]",
    ),
    "case type of a channel": (
        lambda d: d["channels"][0].update(case_type="wish"),
        "unknown-case-type",
        "channels[mail].case_type",
    ),
    "case type of a transition": (
        lambda d: d["transitions"][0].update(case_types=["wish"]),
        "unknown-case-type",
        "transitions[ask].case_types[0]",
    ),
    "case type to reclassify to": (
        lambda d: d["case_types"][0].update(reclassify_to=["wish"]),
        "unknown-case-type",
        "case_types[request].reclassify_to[0]",
    ),
    "team of a route": (
        lambda d: d["routing"][0].update(team="nobody"),
        "unknown-team",
        "routing[0].team",
    ),
    "default language": (
        lambda d: d.update(default_language="de"),
        "unknown-language",
        "default_language",
    ),
    "language of a team": (
        lambda d: d["teams"][0].update(language="de"),
        "unknown-language",
        "teams[desk].language",
    ),
    "language of a level": (
        lambda d: d["escalation"][0].update(language="de"),
        "unknown-language",
        "escalation[1].language",
    ),
    "name given twice": (
        lambda d: d["teams"].append(d["teams"][0]),
        "duplicate-name",
        "teams[desk].name",
    ),
    "field asked twice": (
        lambda d: d["case_types"][0]["fields"].append({"field": "title"}),
        "duplicate-name",
        "case_types[request].fields[title].field",
    ),
    "reference without number": (
        lambda d: d["references"].update(format="S-{year}"),
        "reference-format",
        "references.format",
    ),
    "two automatic steps that compete": (
        lambda d: d["transitions"].append(
            _step(name="answered_too", to="done", on="contact_replied", **{"from": ["asked"]})
        ),
        "competing",
        "transitions[answered_too].on",
    ),
    "step out of the end": (
        lambda d: d["transitions"].append(_step(**{"from": ["done"], "to": "new"})),
        "after-end",
        "transitions[more].from[0]",
    ),
    "status that no case gets to": (
        lambda d: (
            d["statuses"].append(_status("lost")),
            d["transitions"].append(_step(**{"from": ["lost"]})),
        ),
        "unreachable",
        "statuses[lost]",
    ),
    "status that cannot be left": (
        lambda d: d["transitions"].pop(1),
        "dead-end",
        "statuses[asked]",
    ),
    "statuses that go round for ever": (
        lambda d: (
            d["statuses"].append(_status("round")),
            d["transitions"].append(_step(name="go", to="round")),
            d["transitions"].append(_step(name="back", to="other", **{"from": ["round"]})),
            d["statuses"].append(_status("other")),
            d["transitions"].append(_step(name="again", to="round", **{"from": ["other"]})),
        ),
        "no-end",
        "statuses[round]",
    ),
    "no final status": (
        lambda d: d["statuses"][2].update(kind="resolved"),
        "no-end",
        "statuses",
    ),
    "choice without options": (
        lambda d: d["fields"].append({"name": "colour", "type": "choice"}),
        "options",
        "fields[colour]",
    ),
    "text with options": (
        lambda d: d["fields"][4].update(options=["a"]),
        "options",
        "fields[cause].options",
    ),
    "case type without description": (
        lambda d: d["case_types"][0]["fields"].pop(1),
        "no-title",
        "case_types[request].fields",
    ),
    "matrix that leaves an option out": (
        lambda d: d["priorities"]["matrix"]["priority"].pop("small"),
        "matrix",
        "priorities.matrix.priority",
    ),
    "matrix with an option too many": (
        lambda d: d["priorities"]["matrix"]["priority"]["big"].update(huge="P1"),
        "matrix",
        "priorities.matrix.priority.big.huge",
    ),
    "matrix over what is no choice": (
        lambda d: d["priorities"]["matrix"].update(axes=["title", "haste"]),
        "matrix",
        "priorities.matrix.axes[0]",
    ),
    "matrix asked and not there": (
        lambda d: d["priorities"].pop("matrix"),
        "matrix",
        "case_types[request].start_priority.by_matrix",
    ),
    "priority of the matrix": (
        lambda d: d["priorities"]["matrix"]["priority"]["big"].update(big="P0"),
        "unknown-priority",
        "priorities.matrix.priority.big.big",
    ),
    "mail without case type": (
        lambda d: d["channels"][0].pop("case_type"),
        "mail-case-type",
        "channels[mail]",
    ),
    "mail that cannot fill in the form": (
        lambda d: d["case_types"][0]["fields"][2].update(required=True),
        "mail-case-type",
        "channels[mail].case_type",
    ),
    "routing without an end": (lambda d: d["routing"].pop(), "routing", "routing[0]"),
    "routing that goes on after its end": (
        lambda d: d["routing"][0].pop("when"),
        "routing",
        "routing[0]",
    ),
    "escalation with a gap": (
        lambda d: d["escalation"][0].update(level=2),
        "escalation",
        "escalation[2].level",
    ),
    "warning that waits": (
        lambda d: d["escalation"][0]["raised"][0].update(on="warning"),
        "escalation",
        "escalation[1].raised[0].after",
    ),
    "escalation that climbs after no time": (
        lambda d: d["escalation"][0]["raised"][0].update(after="PT0S"),
        "length",
        "escalation[1].raised[0].after",
    ),
    "level told of what has none": (
        lambda d: d["notices"][0].update(to=["level"]),
        "recipient",
        "notices[confirmation].to[0]",
    ),
    "team that would mail itself a case": (
        lambda d: d["teams"][0].update(address="HELP@sample.example"),
        "own-address",
        "teams[desk].address",
    ),
    "calendar that never opens": (
        lambda d: d["calendars"]["desk"].update(hours={}),
        "calendar",
        "calendars.desk.hours",
    ),
    "calendar in no known zone": (
        lambda d: d["calendars"]["desk"].update(timezone="Europe/Nowhere"),
        "calendar",
        "calendars.desk.timezone",
    ),
    "key that means nothing": (
        lambda d: d["statuses"][0].update(colour="red"),
        "unknown-key",
        "statuses[new].colour",
    ),
    "key that is missing": (lambda d: d.pop("routing"), "missing-key", "routing"),
    "word that is not possible": (
        lambda d: d["transitions"][0].update(by=["visitor"]),
        "value",
        "transitions[ask].by[0]",
    ),
    "step that nobody takes": (
        lambda d: d["transitions"][0].pop("by"),
        "value",
        "transitions[ask]",
    ),
    "address that is none": (
        lambda d: d["mail"]["sender"].update(address="help"),
        "value",
        "mail.sender.address",
    ),
}


@pytest.mark.parametrize(("spoil", "code", "path"), SPOILT.values(), ids=SPOILT)
def test_a_mistake_is_found_where_it_stands(
    tenant: Tenant, spoil: Spoil, code: str, path: str
) -> None:
    spoil(tenant.definition)
    found = [(finding.code, finding.path) for finding in tenant.findings()]
    assert (code, path) in found


def test_opposite_rules_and_other_types_do_not_compete(tenant: Tenant) -> None:
    first = tenant.definition["transitions"][1]
    first["when"] = "case.priority == 'P1'"
    second = {**first, "name": "ask", "when": f"!({first['when']})"}
    tenant.definition["transitions"].append(second)
    assert "competing" not in tenant.codes()


def test_a_typing_error_is_met_with_the_nearest_name(tenant: Tenant) -> None:
    tenant.definition["transitions"][0]["to"] = "askd"
    assert tenant.only().sentence == "unknown status `askd`; did you mean `asked`?"
