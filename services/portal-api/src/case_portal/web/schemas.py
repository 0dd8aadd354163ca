"""Shared schemas of requests and answers of the API."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NO_NUL = r"^[^\x00]*$"
Short = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Long = Annotated[str, StringConstraints(max_length=100_000, pattern=NO_NUL)]
_ONLY_SUCH_NAMES = Field(json_schema_extra={"additionalProperties": False})
Filled = Annotated[dict[Short, Long], _ONLY_SUCH_NAMES]
Chosen = Annotated[dict[Short, Short], _ONLY_SUCH_NAMES]
Seen = Annotated[
    int,
    Field(ge=0, le=2**53, description="Version of the case that was looked at; 0: not said."),
]


class RequestModel(BaseModel):
    """A request. Unknown members are refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ActorResponse(BaseModel):
    """The actor, and in which capacity they acted."""

    kind: str
    id: str
    capacity: str
    name: str


class FileModel(BaseModel):
    """An attachment, and its link."""

    sha256: str
    name: str
    size: int
    type: str
    version: int
    href: str


class Author(BaseModel):
    """The person whom a sender claims to be."""

    address: str
    name: str
