"""Agents from whom a case is hidden leave the case."""

from case_definition.lookup.agent_fields import hidden_from
from case_definition.lookup.definition import Definition
from case_events.contracts.base import Event
from case_events.contracts.cases import CaseAssigned, FieldsSet
from case_events.contracts.migration import DefinitionMigrated
from case_events.contracts.people import WatcherRemoved

from case_workflow.domain.case import Case

VISIBILITY_EVENTS = (DefinitionMigrated, FieldsSet)
"""The events after which a case can be hidden from more agents."""


def removed_hidden(case: Case, definition: Definition) -> list[Event]:
    """The events by which agents from whom the case is hidden are no longer agent or watcher."""
    hidden = hidden_from(definition, case.fields)
    left: list[Event] = [
        WatcherRemoved(f"agent/{agent}")
        for agent in hidden
        if f"agent/{agent}" in case.people.watchers
    ]
    if case.agent in hidden:
        left.append(
            CaseAssigned(
                case.team,
                reason="hidden_from",
                previous_team=case.team,
                previous_agent=case.agent,
            )
        )
    return left
