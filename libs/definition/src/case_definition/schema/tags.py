"""Tags: words by which agents group cases."""

from case_definition.schema.model import DefinitionModel, Name


class Tag(DefinitionModel):
    """A word that agents can put on a case. Contacts do not see it."""

    name: Name
    case_types: tuple[Name, ...] = ()
    """The case types with this tag; default: all."""

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type can have it."""
        return not self.case_types or case_type in self.case_types
