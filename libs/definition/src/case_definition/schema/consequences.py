"""Consequences: the events that trigger them, and their kinds."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from case_definition.schema.model import DefinitionModel, Name, Rule

Trigger = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[A-Za-z][A-Za-z0-9_]*)?$")]
"""A trigger of `vocabulary.TRIGGERS`, alone or about one thing of its section."""


class Consequence(DefinitionModel):
    """One consequence. Exactly one member is given."""

    assess_again: bool = False
    """The priority has to be assessed again."""
    assign: Name | None = None
    """The case is assigned to this team."""
    set_fields: dict[Name, str] = {}
    """Fields get these values."""
    set_phase: Name | None = None
    """The case enters this phase, with the status of the phase."""
    ask_decision: Name | None = None
    """A person with the role of this decision is asked for a yes or no."""
    slip_release: bool = False
    """A planned case that is not released moves to the next cycle."""
    released: bool = False
    """The case is released, in its planned release if there is one."""
    ask_rating: bool = False
    """The contact is asked to rate."""

    ask_approval: Name | None = None
    """The contact is asked for this approval, for the amount of its `asks`."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Consequence":
        if len(self.kinds()) != 1:
            known = ", ".join(type(self).model_fields)
            raise ValueError(f"say one thing that follows in each entry: {known}")
        return self

    def kinds(self) -> list[str]:
        """The members that are given."""
        return [name for name in type(self).model_fields if getattr(self, name)]

    @property
    def kind(self) -> str:
        """The kind of the consequence."""
        return self.kinds()[0]


class Automation(DefinitionModel):
    """Consequences of an event in any status, without a step."""

    name: Name
    on: Trigger
    when: Rule | None = None
    case_types: tuple[Name, ...] = ()
    """The case types of the automation; default: all."""
    then: tuple[Consequence, ...] = Field(min_length=1)

    def is_for(self, case_type: str) -> bool:
        """Whether it applies to cases of this type."""
        return not self.case_types or case_type in self.case_types
