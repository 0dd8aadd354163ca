"""The API's successful answers, and the descriptions of requests in its OpenAPI document."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from case_intake.entrypoints.bodies import (
    CHANNEL_PATTERN,
    FIELD,
    MAX_FILES,
    ChannelName,
    NewCaseRequest,
)
from case_intake.entrypoints.problems import ProblemResponse

_REF = "#/components/schemas/{model}"


class Created(BaseModel):
    """A case that was stored, with its reference and its id."""

    model_config = ConfigDict(extra="forbid")

    reference: str
    case: str


class FormsQuery(BaseModel):
    """Which forms: by which channel, in which language, and, for agents, for which contact."""

    model_config = ConfigDict(extra="forbid")

    channel: ChannelName | None = None
    language: str = Field(default="", max_length=35)
    contact: str = Field(default="", max_length=320)


class OptionResponse(BaseModel):
    """One option of a choice."""

    name: str
    label: str


class FormFieldResponse(BaseModel):
    """A field of a form. `max_length` is in characters, null for a field that is no text."""

    name: str
    label: str
    help: str
    type: str
    required: bool
    max_length: int | None
    options: list[OptionResponse]


class FormResponse(BaseModel):
    """A case type that you may create."""

    name: str
    label: str
    help: str
    fields: list[FormFieldResponse]


class Forms(BaseModel):
    """The case types that you may create, under the definition that allows them."""

    definition: str
    types: list[FormResponse]


CREATED: dict[int | str, dict[str, Any]] = {
    201: {
        "description": "The case is kept.",
        "headers": {"Location": {"required": True, "schema": {"type": "string"}}},
    }
}
_SHORT = {"type": "string", "maxLength": 63}
NEW_CASE: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": _REF.format(model="NewCaseRequest")}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "description": "Like NewCase; a field of the case is a part `fields.<name>`.",
                "properties": {
                    "type": _SHORT,
                    "channel": {"type": "string", "pattern": CHANNEL_PATTERN},
                    "menu": _SHORT,
                    "contact": {"type": "string", "maxLength": 320},
                    "contact_name": {"type": "string", "maxLength": 200},
                    "language": {"type": "string", "maxLength": 20},
                    "received_at": {"type": "string", "format": "date-time"},
                    "attachments": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "maxItems": MAX_FILES,
                    },
                },
                "patternProperties": {
                    f"^{FIELD.replace('.', '[.]')}": {"type": "string", "maxLength": 100_000}
                },
                "additionalProperties": False,
            }
        },
    },
}


def describe(app: FastAPI) -> None:
    """Add the schemas that no route's signature names to the OpenAPI document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            _, named = models_json_schema(
                [(NewCaseRequest, "validation"), (ProblemResponse, "validation")], ref_template=_REF
            )
            document["components"]["schemas"] |= named["$defs"]
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
