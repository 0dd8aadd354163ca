"""Ratings: how a contact rates the handling of a case, with stars and a text."""

from pydantic import Field, model_validator

from case_definition.schema.model import DefinitionModel, Name


class RatingTerms(DefinitionModel):
    """When contacts may rate, and on which scale. Consequences ask for ratings."""

    lowest: int = Field(default=1, ge=0)
    highest: int = Field(default=5, le=100)
    statuses: tuple[Name, ...] = Field(min_length=1)
    """The statuses in which a contact may rate, including final ones."""

    @model_validator(mode="after")
    def _rises(self) -> "RatingTerms":
        if self.lowest >= self.highest:
            raise ValueError("`highest` must be above `lowest`")
        return self
