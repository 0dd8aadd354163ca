"""Ratings: what a contact thinks of how a case was handled, in stars and words."""

from pydantic import Field, model_validator

from case_definition.schema.model import DefinitionModel, Name


class RatingTerms(DefinitionModel):
    """When and on which scale contacts rate; who is asked for it, consequences say."""

    lowest: int = Field(default=1, ge=0)
    highest: int = Field(default=5, le=100)
    statuses: tuple[Name, ...] = Field(min_length=1)
    """In which a contact may rate; final ones as well."""

    @model_validator(mode="after")
    def _rises(self) -> "RatingTerms":
        if self.lowest >= self.highest:
            raise ValueError("`highest` must be above `lowest`")
        return self
