"""The base of all models of a definition."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")]
"""A name in a definition; texts give what people read."""

TenantId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]
Rule = Annotated[str, Field(min_length=1, max_length=500)]
"""A condition in CEL over `case`, `event`, `actor`, `contact`, `customer`, `agreement`, `now`."""


LengthText = int | str
"""A length of time: seconds, ISO 8601 as in `PT4H`, or `2 working days`."""


class DefinitionModel(BaseModel):
    """A part of a definition. Unknown keys are refused; values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True
    )


class Requires(DefinitionModel):
    """The requirements of a step."""

    comment: bool = False
    """A public comment, given with the step."""
    fields: tuple[Name, ...] = ()
    """Required fields. Only fields of the case's type count."""


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in a type, also within a list, a mapping or an option."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)
