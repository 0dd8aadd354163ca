"""What rules and triggers are told about an event of a case."""

from typing import Any

from case_events.contracts.base import Event, contract_of


def event_members(event: Event) -> dict[str, Any]:
    """`event` as a rule asks it: its label as `type`, and the members that are declared of it."""
    declared = contract_of(event)
    told = {name: getattr(event, name) for name in declared.rule_members}
    return told | {"type": declared.label}


def triggers_of(event: Event) -> tuple[str, ...]:
    """What an event may set off: its triggers, each alone and about the one thing it concerns."""
    return tuple(name for one in contract_of(event).triggers for name in one.named(event))
