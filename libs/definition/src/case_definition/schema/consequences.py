"""What follows by itself: on which event, and which of the things that follow."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from case_definition.schema.model import DefinitionModel, Name, Rule

Trigger = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[A-Za-z][A-Za-z0-9_]*)?$")]
"""One of `vocabulary.TRIGGERS`, alone or about one thing of its section."""


class Consequence(DefinitionModel):
    """One thing that follows. Exactly one member is given."""

    assess_again: bool = False
    """The priority is to be assessed again."""
    assign: Name | None = None
    """The case goes to this team."""
    set_fields: dict[Name, str] = {}
    """Fields get these values."""
    set_phase: Name | None = None
    """The case enters this phase, with the status that goes with it."""
    ask_decision: Name | None = None
    """Somebody with the role of this decision is asked for yes or no."""
    slip_release: bool = False
    """What was planned, and is not released, goes to the next cycle."""
    released: bool = False
    """It has been released, in the release that it was planned for if there was one."""
    ask_rating: bool = False
    """The contact is asked to rate."""

    ask_approval: Name | None = None
    """The contact is asked for this approval, of as much as it `asks`."""

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
        """Which of the things it is."""
        return self.kinds()[0]


class Automation(DefinitionModel):
    """What follows on an event whatever the status, without a step from one to another."""

    name: Name
    on: Trigger
    when: Rule | None = None
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    then: tuple[Consequence, ...] = Field(min_length=1)

    def is_for(self, case_type: str) -> bool:
        """Whether it is for cases of this type."""
        return not self.case_types or case_type in self.case_types
