"""Decisions: a yes or no that a case waits for, and what weighs in the order of what waits."""

from typing import Literal

from pydantic import Field, model_validator

from case_definition.schema.model import DefinitionModel, Name, Rule


class Criterion(DefinitionModel):
    """One thing that weighs. Exactly one of `field`, `number`, `when`, `more_urgent` is given."""

    name: Name
    field: Name | None = None
    """A choice with `points` for each answer, or a number with `points` for each unit."""
    number: Rule | None = None
    """What is counted, as a number in CEL, with `points` for each unit."""
    when: Rule | None = None
    """What gives its `points` once where it holds."""
    more_urgent: bool = False
    """How many more urgent cases wait for the same decision, with `points` for each."""
    points: float | dict[Name, float]
    most: float | None = Field(default=None, gt=0)
    """More units than this weigh no more."""

    @model_validator(mode="after")
    def _weighs_one_thing(self) -> "Criterion":
        given = [self.field, self.number, self.when, self.more_urgent]
        if sum(bool(one) for one in given) != 1:
            raise ValueError("say one thing that weighs: field, number, when or more_urgent")
        if isinstance(self.points, dict) and self.field is None:
            raise ValueError("points by answer are for a `field`; write one number here")
        return self


class Ranking(DefinitionModel):
    """How what waits for a decision is put in order: the most points first."""

    name: Name
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Decision(DefinitionModel):
    """A yes or no of somebody with a role, asked by agents or as a consequence."""

    name: Name
    role: Name
    """Which of the roles of agents decides. Whoever stands in for one of them needs it too."""
    statuses: tuple[Name, ...] = Field(min_length=1)
    """In which a case waits for it; it does no more once it has left them."""
    ranking: Name | None = None
    plans_release: Literal["no", "may", "must"] = "no"
    """Whether a yes says in which release."""
    answered: bool = False
    """Whether who decides must write what the contact reads, beside the reason: a public comment,
    given with `decision:<name>`."""
    shown: bool = False
    """Whether contacts see the outcome. They never see the reason."""
