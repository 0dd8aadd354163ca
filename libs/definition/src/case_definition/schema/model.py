"""What all parts of a definition are made of."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")]
"""How everything in a definition is called; texts say what people read."""

TenantId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]
Rule = Annotated[str, Field(min_length=1, max_length=500)]
"""A condition in CEL over `case`, `event`, `actor`, `contact`, `customer`, `agreement`, `now`."""


LengthText = int | str
"""A length of time as written: seconds, ISO 8601 as in `PT4H`, or `2 working days`."""


class DefinitionModel(BaseModel):
    """A part of a definition: unknown keys are refused, values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class Requires(DefinitionModel):
    """What must be filled in before a step."""

    comment: bool = False
    """A public comment, given with the step."""
    fields: tuple[Name, ...] = ()
    """Of these, the ones that the case's type has."""


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a member may hold, also within a list, a mapping or an option."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)
