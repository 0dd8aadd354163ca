"""What a tenant says of its knowledge base: the topics of its articles, and who is offered them."""

from pydantic import Field

from case_definition.schema.model import DefinitionModel, Name


class Knowledge(DefinitionModel):
    """The topics that articles are about. The articles themselves are files under `articles/`."""

    topics: tuple[Name, ...] = Field(min_length=1)
    topic_field: Name | None = None
    """The choice that carries a case's topic; each of its options is a topic."""
    suggest_for: tuple[Name, ...] = ()
    """The types of case for which articles are suggested while one is typed; all when left out."""

    def suggests(self, case_type: str) -> bool:
        """Whether articles are suggested to somebody who types a case of this type."""
        return not self.suggest_for or case_type in self.suggest_for
