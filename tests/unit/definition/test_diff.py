"""What differs between two versions, in words, and what it means for open cases."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from case_definition.cli.definition import definition
from case_definition.publishing.diff import describe_changes, describe_migration, removed_names
from case_definition.schema.definition import DefinitionDocument
from click.testing import CliRunner

from tests.unit.definition.sample_tenant import DEFINITION, Tenant

Change = Callable[[dict[str, Any]], object]


def _changed(change: Change) -> tuple[DefinitionDocument, DefinitionDocument]:
    new = copy.deepcopy(DEFINITION) | {"version": 2}
    change(new)
    read = DefinitionDocument.model_validate
    return read(copy.deepcopy(DEFINITION)), read(new)


WAITING = {"name": "waiting", "kind": "waiting", "waits_for": "contact"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["statuses"].append(WAITING), "statuses: `waiting` is new"),
        (lambda d: d["fields"].pop(), "fields: `cause` is gone"),
        (
            lambda d: d["transitions"][0].update({"from": ["new", "asked"]}),
            "transitions[ask].from: new becomes new, asked",
        ),
        (
            lambda d: d["statuses"][1].update(pauses=[]),
            "statuses[asked].pauses: resolution becomes nothing",
        ),
        (lambda d: d["priorities"].update(scale=["P2", "P1"]), "priorities.scale"),
        (lambda d: d["statuses"].reverse(), "statuses: another order, done, asked, new"),
        (lambda d: d.update(name="Other desk"), "name: Sample desk becomes Other desk"),
        (
            lambda d: d["case_types"][0]["fields"].pop(),
            "case_types[request].fields: `cause` is gone",
        ),
    ],
)
def test_a_change_is_said_in_one_sentence(change: Change, sentence: str) -> None:
    (described,) = describe_changes(*_changed(change))
    assert described.startswith(sentence)


def test_targets_without_a_name_are_told_apart_by_their_metric(tenant: Tenant) -> None:
    """And called as the check calls them."""

    def targets(resolution: str, first_response: str) -> list[dict[str, Any]]:
        terms = {"resolution": resolution, "first_response": first_response}
        return [{"metric": metric, "length": length} for metric, length in terms.items()]

    tenant.definition["targets"] = targets("PT4H", "PT1H")
    assert {finding.path for finding in tenant.findings() if finding.code == "no-calendar"} == {
        "targets[resolution]", "targets[first_response]",
    }  # fmt: skip
    read = DefinitionDocument.model_validate
    old = read(DEFINITION | {"targets": targets("PT4H", "PT1H")})
    new = read(DEFINITION | {"targets": targets("PT8H", "PT2H")})
    assert describe_changes(old, new) == [
        "targets[resolution].length: PT4H becomes PT8H",
        "targets[first_response].length: PT1H becomes PT2H",
    ]


def test_the_version_alone_is_no_difference() -> None:
    assert describe_changes(*_changed(lambda d: None)) == []


def test_what_cases_carry_and_is_gone_has_to_be_mapped() -> None:
    def change(document: dict[str, Any]) -> None:
        document["statuses"][1]["name"] = "waiting"
        document["priorities"]["scale"] = ["P1", "P3"]

    old, new = _changed(change)
    assert removed_names(old, new) == {"statuses": ["asked"], "priorities": ["P2"]}
    assert "map what is gone: statuses: asked; priorities: P2" in " ".join(
        describe_migration(old, new)
    )
    assert "without a mapping" in " ".join(describe_migration(old, old))


def test_two_folders_are_compared(tenant: Tenant, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = copy.deepcopy(tenant)
    other.folder = tmp_path_factory.mktemp("new")
    other.definition["version"] = 2
    other.definition["teams"][0]["line"] = 3
    result = CliRunner().invoke(definition, ["diff", str(tenant.write()), str(other.write())])
    assert result.exit_code == 0
    assert "teams[desk].line: 1 becomes 3" in result.output
    assert "Open cases stay on version 1" in result.output


def test_a_folder_that_is_no_definition_is_told(tenant: Tenant) -> None:
    tenant.definition.pop("statuses")
    folder = str(tenant.write())
    result = CliRunner().invoke(definition, ["diff", folder, folder])
    assert result.exit_code == 1
