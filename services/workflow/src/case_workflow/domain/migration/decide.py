"""Decides on the migration to another version of the definition."""

from case_definition.lookup.definition import Definition
from case_definition.publishing.migration import CaseNames, Unmapped, map_names
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    CaseAssigned,
    CaseClassified,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.migration import DefinitionMigrated, MigrateCase
from case_events.contracts.phases import PhaseChanged

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import UNCHANGED, Refusal, Requester, Verdict, not_allowed

MIGRATED = "migrated"


def migrate(
    case: Case, command: MigrateCase, requester: Requester, old: Definition, new: Definition
) -> Verdict:
    """Migrate the case to the new version, with the changed names mapped."""
    if not requester.participant or "administrator" not in requester.roles:
        return not_allowed("by", "Only an administrator migrates cases.", field="command")
    if old.statuses[case.status].kind == "final":
        reason = f"A {case.status} case stays under the version that it ended with."
        return not_allowed("status", reason, field="status")
    if new.tenant != old.tenant:
        return Refusal("unknown", "definition", "known", "There is no such version.")
    if new.key == old.key:
        return UNCHANGED
    carried = CaseNames(
        case_type=case.case_type,
        status=case.status,
        phase=case.phase,
        priority=case.priority,
        team=case.team,
        fields=case.fields,
    )
    becomes = map_names(carried, command.mapping, new)
    if isinstance(becomes, Unmapped):
        return Refusal("invalid", f"mapping.{becomes.section}", "known", becomes.sentence)
    return [DefinitionMigrated(new.key, old.key), *_renamed(case, becomes)]


def _renamed(case: Case, becomes: CaseNames) -> list[Event]:
    events: list[Event] = []
    if becomes.case_type != case.case_type:
        events.append(CaseClassified(becomes.case_type, case.case_type))
    if becomes.priority != case.priority:
        events.append(PriorityAssessed(becomes.priority, case.priority))
    if becomes.status != case.status:
        events.append(StatusChanged(becomes.status, case.status, reason=MIGRATED))
    if becomes.phase != case.phase:
        events.append(PhaseChanged(becomes.phase, case.phase, reason=MIGRATED))
    if becomes.team != case.team:
        events.append(
            CaseAssigned(
                becomes.team,
                case.agent,
                reason=MIGRATED,
                previous_team=case.team,
                previous_agent=case.agent,
            )
        )
    changed = {n: value for n, value in becomes.fields.items() if case.fields.get(n) != value}
    if changed:
        events.append(FieldsSet(changed))
    return events
