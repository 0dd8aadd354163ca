"""C11: what a case says in its history when it goes over to another version."""

from datetime import UTC, datetime
from typing import Any

from case_definition.lookup.definition import Definition, compile_definition
from case_events.contracts.cases import FieldsSet, StatusChanged
from case_events.contracts.migration import DefinitionMigrated, MigrateCase
from case_events.contracts.phases import PhaseChanged
from case_workflow.domain.case import Case
from case_workflow.domain.migration.decide import migrate
from case_workflow.domain.verdict import Refusal, Requester

from tests.unit.workflow.workflow_desk import BO, DEFINITION

ADMINISTRATOR = Requester(
    actor=BO, record="r", roles=("agent", "administrator"), participant=True,
    now=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip
CASE = Case(
    version=4, case_type="incident", status="new", priority="P3", phase="analysis",
    fields={"title": "Noise", "cause": "A fan"},
)  # fmt: skip


def version(number: int, **changes: Any) -> Definition:
    return compile_definition(DEFINITION | {"version": number} | changes)


OLD = version(1, phases=[{"name": "analysis", "case_types": ["incident"]}])
NEW = version(2, phases=[{"name": "research", "case_types": ["incident"]}])


def test_what_is_called_otherwise_is_said_one_by_one() -> None:
    mapping = {
        "statuses": {"new": "asked"},
        "phases": {"analysis": "research"},
        "fields": {"cause": "urgency"},
    }
    command = MigrateCase(definition="sample/2", mapping=mapping)
    assert migrate(CASE, command, ADMINISTRATOR, OLD, NEW) == [
        DefinitionMigrated("sample/2", "sample/1"),
        StatusChanged("asked", "new", reason="migrated"),
        PhaseChanged("research", "analysis", reason="migrated"),
        FieldsSet({"urgency": "A fan"}),
    ]


def test_a_phase_that_is_gone_has_to_be_mapped() -> None:
    refused = migrate(CASE, MigrateCase(definition="sample/2"), ADMINISTRATOR, OLD, NEW)
    assert isinstance(refused, Refusal)
    assert (refused.field, refused.rule) == ("mapping.phases", "known")
    assert "analysis" in refused.reason
