"""Decisions: a yes or no that a case waits for, and the ranking of waiting cases."""

from typing import Literal

from pydantic import Field, model_validator

from case_definition.schema.model import DefinitionModel, Name, Rule


class Criterion(DefinitionModel):
    """One criterion of a ranking. Exactly one of `field`, `number`, `when`, `more_urgent` is
    given."""

    name: Name
    field: Name | None = None
    """A choice with `points` for each option, or a number with `points` for each unit."""
    number: Rule | None = None
    """A number, as a CEL expression, with `points` for each unit."""
    when: Rule | None = None
    """A rule that gives its `points` once if it holds."""
    more_urgent: bool = False
    """The number of more urgent cases that wait for the same decision, with `points` for each."""
    points: float | dict[Name, float]
    most: float | None = Field(default=None, gt=0)
    """The maximum number of units that count."""

    @model_validator(mode="after")
    def _weighs_one_thing(self) -> "Criterion":
        given = [self.field, self.number, self.when, self.more_urgent]
        if sum(bool(one) for one in given) != 1:
            raise ValueError("say one thing that weighs: field, number, when or more_urgent")
        if isinstance(self.points, dict) and self.field is None:
            raise ValueError("points by answer are for a `field`; write one number here")
        return self


class Ranking(DefinitionModel):
    """The order of the cases that wait for a decision: most points first."""

    name: Name
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Decision(DefinitionModel):
    """A yes or no of a person with a role, requested by agents or as a consequence."""

    name: Name
    role: Name
    """The role of the agents who decide. A stand-in needs the role too."""
    statuses: tuple[Name, ...] = Field(min_length=1)
    """The statuses in which a case waits for it; the wait ends when the case leaves them."""
    ranking: Name | None = None
    plans_release: Literal["no", "may", "must"] = "no"
    """Whether a yes names a release."""
    answered: bool = False
    """Whether a text for the contact is required in addition to the reason: a public comment, given
    with `decision:<name>`."""
    shown: bool = False
    """Whether contacts see the outcome. They never see the reason."""
