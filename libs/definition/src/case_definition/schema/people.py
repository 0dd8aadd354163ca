"""Who else may take part in a case, as it stands in YAML."""

from case_definition.schema.model import DefinitionModel, Name
from case_definition.vocabulary import Capacity


class Watchers(DefinitionModel):
    """People involved: whoever is added gets every message about the case."""

    added_by: tuple[Capacity, ...] = ("contact", "agent")
    """Who may add contacts of the same customer, and agents."""
    addresses_by: tuple[Capacity, ...] = ("agent",)
    """Who may add somebody who is in no directory, by their mail address."""


class Consultation(DefinitionModel):
    """Asking colleagues of other departments inside the case, where no contact sees it."""

    teams: tuple[Name, ...] = ()
    """The teams that may be asked."""
