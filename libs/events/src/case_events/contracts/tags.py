"""Tags: words by which the desk groups its cases. They are the desk's own."""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import Trigger
from case_events.topics import CASES, COMMANDS


@contract(
    "case.tag-added",
    CASES,
    label="tag_added",
    triggers=(Trigger(name="tagged", about="tag", section="tags"),),
    rule_members=("tag",),
    audience="desk",
)
class TagAdded(Event, frozen=True):
    """The case has a tag of its definition from now on."""

    tag: str


@contract("case.tag-removed", CASES, label="tag_removed", rule_members=("tag",), audience="desk")
class TagRemoved(Event, frozen=True):
    """The case has the tag no longer."""

    tag: str


@contract("command.add-tag", COMMANDS, label="add_tag", asked_by="agents")
class AddTag(Command, frozen=True, kw_only=True):
    """Put a tag of the definition on the case."""

    tag: str


@contract("command.remove-tag", COMMANDS, label="remove_tag", asked_by="agents")
class RemoveTag(Command, frozen=True, kw_only=True):
    """Take a tag off the case."""

    tag: str
