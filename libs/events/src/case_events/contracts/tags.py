"""Tags: words with which the desk groups its cases. Contacts do not see them."""

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
    """A tag of the definition was added to the case."""

    tag: str


@contract("case.tag-removed", CASES, label="tag_removed", rule_members=("tag",), audience="desk")
class TagRemoved(Event, frozen=True):
    """A tag was removed from the case."""

    tag: str


@contract("command.add-tag", COMMANDS, label="add_tag", asked_by="agents")
class AddTag(Command, frozen=True, kw_only=True):
    """Add a tag of the definition to the case."""

    tag: str


@contract("command.remove-tag", COMMANDS, label="remove_tag", asked_by="agents")
class RemoveTag(Command, frozen=True, kw_only=True):
    """Remove a tag from the case."""

    tag: str
