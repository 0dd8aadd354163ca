"""Phases: the progress of the work on a case, in more detail than its status."""

from pydantic import Field

from case_definition.schema.consequences import Trigger
from case_definition.schema.model import DefinitionModel, Name, Requires, Rule
from case_definition.vocabulary import Capacity


class Phase(DefinitionModel):
    """A phase: entered by people, on an event, or both."""

    name: Name
    case_types: tuple[Name, ...] = Field(min_length=1)
    """The case types with this phase."""
    status: Name | None = None
    """The status that the case gets with it; default: no change."""
    first: bool = False
    """Whether a case without a phase can enter it."""
    next: tuple[Name, ...] = ()
    """The phases that can follow it."""
    by: tuple[Capacity, ...] = ()
    on: Trigger | None = None
    when: Rule | None = None
    requires: Requires = Requires()

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type have it."""
        return case_type in self.case_types
