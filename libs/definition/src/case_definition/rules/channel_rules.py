"""Channel rules: which channel a person may use now, and how its cases begin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from case_definition.calendar.fields import calendar_of
from case_definition.calendar.instants import instant_of
from case_definition.cel.rules import Variables
from case_definition.lookup.definition import Definition
from case_definition.schema.access import lifetime
from case_definition.schema.channels import Channel, Choice, Opening

Limit = Literal["by", "when", "hours", "case_types"]
"""The rule of a channel that excludes a person."""


def channel_limit(
    channel: Channel, definition: Definition, capacity: str, variables: Variables, at: datetime
) -> Limit | None:
    """Why a person may not use a channel now, for a case of the type in `variables`; None if they
    may."""
    case_type = variables["case"]["type"]
    if capacity not in channel.by:
        return "by"
    if not definition.holds(channel.when, variables):
        return "when"
    if channel.hours and not _is_open(channel.hours, definition, at):
        return "hours"
    if case_type and channel.case_types and case_type not in channel.case_types:
        return "case_types"
    return None


def receipt_limit(
    channel: Channel, capacity: str, received: datetime, now: datetime
) -> Literal["past", "received_within"] | None:
    """Why a person may not state that time of receipt now; None if they may."""
    if channel.received_within is None or capacity != "agent":
        return "received_within"
    if received > now:
        return "past"
    return "received_within" if now - received > lifetime(channel.received_within) else None


def refused_text(channel: str, definition: Definition, language: str | None) -> str:
    """What people who may not use a channel do instead; empty without a text."""
    texts = definition.document.texts[definition.language(language)]
    return texts.get(f"channels.{channel}.refused", "").strip()


def choice_of(channel: str, menu: str, definition: Definition) -> Choice | None:
    """The option with this name in the menu of a channel."""
    found = definition.channels.get(channel)
    return next((one for one in found.menu if one.name == menu), None) if found else None


def start_status_of(case_type: str, channel: str, definition: Definition) -> str:
    """The first status of a case: that of its channel, otherwise of its type."""
    found = definition.channels.get(channel)
    own = found.status if found else None
    return own or definition.case_types[case_type].start_status


def start_priority_of(
    case_type: str, channel: str, values: Mapping[str, Any], definition: Definition
) -> tuple[str, dict[str, str]]:
    """The first priority of a case, and its values in the matrix: none if its channel gives the
    priority."""
    found = definition.channels.get(channel)
    if found is not None and found.priority is not None:
        return found.priority, {}
    axes = definition.chosen_axes(case_type, values)
    return definition.start_priority(case_type, values), axes


def _is_open(hours: Opening, definition: Definition, at: datetime) -> bool:
    calendar = calendar_of(definition.document.calendars[hours.calendar])
    return calendar.is_open(instant_of(at)) == (hours.open == "inside")
