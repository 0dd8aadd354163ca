"""Watchers and consultation."""

from case_definition.schema.model import DefinitionModel, Name
from case_definition.vocabulary import Capacity


class Watchers(DefinitionModel):
    """People who follow a case. A watcher gets every message about it."""

    added_by: tuple[Capacity, ...] = ("contact", "agent")
    """Who may add contacts of the same customer, and agents."""
    addresses_by: tuple[Capacity, ...] = ("agent",)
    """Who may add a person in no directory, by their mail address."""


class Consultation(DefinitionModel):
    """Questions to other teams inside a case. No contact sees them."""

    teams: tuple[Name, ...] = ()
    """The teams that may be asked."""
