"""The body of a step over the API: JSON, or a form, which can carry files."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from msgspec import Struct
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from case_portal.commands.schemas import TransitionRequest
from case_portal.core.files import Upload
from case_portal.web.forms import joined
from case_portal.web.uploads import received

MAX_FILES = 50
MAX_PARTS = 250
MULTIPART = "multipart/form-data"
FIELD = "fields."
"""The prefix of a form part that fills in a field of the case, as in intake's API."""


class SentStep(Struct, frozen=True):
    """A step as it was sent, with its files."""

    step: TransitionRequest
    files: tuple[Upload, ...] = ()


async def _sent_step(request: Request) -> SentStep:
    """Read the body. Raises `RequestValidationError` for a body that is no step."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind != MULTIPART:
            return SentStep(TransitionRequest.model_validate_json(await request.body()))
        async with request.form(max_files=MAX_FILES, max_fields=MAX_PARTS) as form:
            return await _filled_in(form)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error


async def _filled_in(form: FormData) -> SentStep:
    """The step in a form. A field that occurs several times has all of its values, and an empty
    one is not filled in.

    Raises `ValidationError` for a part that no step has, and for another part that occurs twice.
    """
    members: dict[str, Any] = {}
    fields: dict[str, list[Any]] = {}
    files: list[UploadFile] = []
    for name, value in form.multi_items():
        if name == "files" and isinstance(value, UploadFile):
            files.append(value)
        elif name.startswith(FIELD) and isinstance(value, str):
            fields.setdefault(name.removeprefix(FIELD), []).append(value)
        else:
            members[name] = [members[name], value] if name in members else value
    step = TransitionRequest.model_validate({"fields": joined(fields)} | members)
    return SentStep(step, tuple(await received(files)))


StepHere = Annotated[SentStep, Depends(_sent_step)]

_JSON = TransitionRequest.model_json_schema()
_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": MAX_FILES}
_OTHERS = {name: schema for name, schema in _JSON["properties"].items() if name != "fields"}
STEP_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _JSON},
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "description": f"Take a step, with files. A part `{FIELD}<name>` fills in a"
                    " field of the case.",
                    "properties": _OTHERS | {"files": _FILES},
                    "patternProperties": {r"^fields\.": {"type": "string", "maxLength": 100_000}},
                    "additionalProperties": False,
                }
            },
        },
    }
}
"""The description of the body for the OpenAPI document, because no signature names it."""
