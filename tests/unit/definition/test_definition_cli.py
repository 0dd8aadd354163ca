"""`casefold definition` for the one who writes a definition."""

import json

import pytest
from case_definition.cli.definition import definition, schema_text
from case_definition.schema.definition import DefinitionDocument
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from tests.unit.definition.sample_tenant import ROOT, Tenant


def test_check_says_nothing_and_succeeds_when_all_is_well(tenant: Tenant) -> None:
    result = CliRunner().invoke(definition, ["check", str(tenant.write())])
    assert (result.exit_code, result.output) == (0, "")


def test_check_prints_findings_and_fails(tenant: Tenant) -> None:
    tenant.definition["default_language"] = "de"
    result = CliRunner().invoke(definition, ["check", str(tenant.write())])
    assert result.exit_code == 1
    assert "definition.yaml:9: default_language: unknown language `de`;" in result.output


@pytest.mark.parametrize("arguments", [["check"], ["check", "nowhere"], ["graph"], ["schema", "x"]])
def test_wrong_use_is_told_apart(arguments: list[str]) -> None:
    assert CliRunner().invoke(definition, arguments).exit_code == 2


def test_graph_draws_every_status_and_step(tenant: Tenant) -> None:
    result = CliRunner().invoke(definition, ["graph", str(tenant.write())])
    assert result.exit_code == 0
    assert result.output == (
        "stateDiagram-v2\n"
        "    new: New\n"
        "    asked: Asked\n"
        "    done: Done\n"
        "    [*] --> new\n"
        "    new --> asked: ask (agent)\n"
        "    asked --> new: answered (on contact_replied)\n"
        "    new --> done: finish (agent)\n"
        "    done --> [*]\n"
    )


def test_graph_draws_phases_beside_the_statuses_and_how_long_timers_run(tenant: Tenant) -> None:
    tenant.definition["timers"] = [{"name": "late", "after": "P7D", "since": ["status:asked"]}]
    tenant.definition["phases"] = [
        {"name": "doing", "case_types": ["request"], "first": True, "by": ["agent"],
         "next": ["longer"]},
        {"name": "longer", "case_types": ["request"], "on": "timer:late"},
    ]  # fmt: skip
    for texts in tenant.texts.values():
        texts["phases"] = {"doing": {"name": "At work"}}
    result = CliRunner().invoke(definition, ["graph", str(tenant.write())])
    assert result.output.endswith(
        "    done --> [*]\n"
        '    state "phases" as phases {\n'
        "        phase_doing: At work\n"
        "        phase_longer: longer\n"
        "        [*] --> phase_doing: doing (agent) [request]\n"
        "        phase_doing --> phase_longer: longer (on timer:late after P7D) [request]\n"
        "    }\n"
    )


def test_graph_of_what_is_no_definition_fails(tenant: Tenant) -> None:
    tenant.definition.pop("statuses")
    assert CliRunner().invoke(definition, ["graph", str(tenant.write())]).exit_code == 1


@pytest.mark.parametrize("document", ["definition", "agreement"])
def test_the_committed_schema_is_the_one_that_holds(document: str) -> None:
    committed = ROOT / f"deploy/tenants/{document}.schema.json"
    assert committed.read_text(encoding="utf-8") == schema_text(document)


def test_the_committed_page_is_that_of_the_schema() -> None:
    """After a change: `casefold definition page > docs/definition.md`."""
    page = (ROOT / "docs/definition.md").read_text(encoding="utf-8")
    assert page == CliRunner().invoke(definition, ["page"]).output
    assert all(f"`{section}`" in page for section in DefinitionDocument.model_fields)


def test_the_schema_helps_an_editor(tenant: Tenant) -> None:
    schema = json.loads(schema_text("definition"))
    Draft202012Validator.check_schema(schema)
    editor = Draft202012Validator(schema)
    assert list(editor.iter_errors(tenant.definition)) == []
    assert list(editor.iter_errors({"statuses": tenant.definition["statuses"]})) == []
    assert list(editor.iter_errors({"statuses": [{"name": "new", "kind": "odd"}]}))
