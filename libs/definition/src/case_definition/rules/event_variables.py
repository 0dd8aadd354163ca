"""The variables and triggers of an event of a case."""

from typing import Any

from case_events.contracts.base import Event, contract_of


def event_members(event: Event) -> dict[str, Any]:
    """`event` as rules read it: its label as `type`, and its declared members."""
    declared = contract_of(event)
    told = {name: getattr(event, name) for name in declared.rule_members}
    return told | {"type": declared.label}


def triggers_of(event: Event) -> tuple[str, ...]:
    """The triggers of an event, each alone and with the one name that it is about."""
    return tuple(name for one in contract_of(event).triggers for name in one.named(event))
