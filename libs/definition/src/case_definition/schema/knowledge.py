"""The knowledge base: the topics of its articles, and the case types with suggestions."""

from pydantic import Field

from case_definition.schema.model import DefinitionModel, Name


class Knowledge(DefinitionModel):
    """The topics of articles. The articles themselves are files under `articles/`."""

    topics: tuple[Name, ...] = Field(min_length=1)
    topic_field: Name | None = None
    """The choice field with a case's topic; each of its options is a topic."""
    suggest_for: tuple[Name, ...] = ()
    """The case types for which articles are suggested during typing; default: all."""

    def suggests(self, case_type: str) -> bool:
        """Whether articles are suggested while a case of this type is typed."""
        return not self.suggest_for or case_type in self.suggest_for
