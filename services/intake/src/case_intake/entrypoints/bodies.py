"""The body of a POST: JSON, or a form with files, read within a limit."""

import re
from base64 import b64decode
from collections.abc import AsyncGenerator
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Request
from msgspec import Struct
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from case_intake.domain.inbound import InboundFile, clean
from case_intake.domain.routing_result import Mistake
from case_intake.entrypoints.problems import RequestRefused, mistakes_of

MAX_FILES = 100
MAX_FIELDS = 200
CHANNEL_PATTERN = r"^[A-Za-z][A-Za-z0-9_]{0,62}$"
FIELD = "fields."
"""The prefix of a form part that fills in a field of the case."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\\\]")
_BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
Name = Annotated[str, Field(max_length=63)]
ChannelName = Annotated[str, Field(pattern=CHANNEL_PATTERN)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Value = Annotated[str, Field(max_length=100_000)] | bool | int | Number | list[str]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class NewAttachment(_Body):
    """A file with its content."""

    name: str = Field(min_length=1, max_length=255)
    type: str = Field(default="application/octet-stream", max_length=255)
    content: str = Field(pattern=_BASE64)
    """The content in base64."""


class NewCaseRequest(_Body):
    """A case to create."""

    type: Name = ""
    """The case type; default: that of the channel."""
    channel: ChannelName | None = None
    """The channel, by its name in the definition; default: that of the token."""
    menu: Name = ""
    """The caller's choice in the telephone menu, by its name."""
    contact: Annotated[str, Field(max_length=320)] = ""
    """For agents: the contact's id or mail address; for an unregistered contact the mail address,
    with their name."""
    contact_name: Annotated[str, Field(max_length=200)] = ""
    """For agents: the name of an unregistered contact."""
    language: Annotated[str, Field(max_length=20)] = ""
    """For agents: the language of an unregistered contact; default: that of the desk."""
    received_at: Annotated[AwareDatetime, Field(strict=False)] | None = None
    """For agents: the earlier time of receipt, with its offset."""
    fields: dict[str, Value] = Field(default={}, max_length=MAX_FIELDS)
    """The values of the fields of the case type, by name."""
    attachments: list[NewAttachment] = Field(default=[], max_length=MAX_FILES)


CASE_MEMBERS = NewCaseRequest.model_fields.keys() - {"fields", "attachments"}
"""The other parts of a form, at most one of each."""


class Body(Struct, frozen=True):
    """A request as it came, its values, and its files with their contents."""

    raw: bytes
    case: NewCaseRequest
    files: tuple[InboundFile, ...] = ()
    contents: tuple[bytes, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    textual: bool = False
    """Whether every value is text, as in a form."""


async def read_body(request: Request, limit: int) -> Body:
    """Read a new case. `limit` is in bytes.

    Returns values that do not fit as mistakes, which are stored. Raises `RequestRefused`: 413 for a
    body that is too large, 415 for one that is neither JSON nor a form with files.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "multipart/form-data"):
        mistake = Mistake("Content-Type", "options", "Send JSON, or multipart/form-data.")
        raise RequestRefused(415, mistake)
    raw = await _within(request, limit)
    return _json(raw) if kind == "application/json" else await _multipart(raw, request.headers)


async def _within(request: Request, limit: int) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > limit:
            mistake = Mistake("body", "max_size", f"A request has at most {limit} bytes.")
            raise RequestRefused(413, mistake, headers={"Connection": "close"})
    return bytes(raw)


def _json(raw: bytes) -> Body:
    try:
        case = NewCaseRequest.model_validate_json(raw)
    except ValidationError as error:
        return Body(raw, NewCaseRequest(), mistakes=mistakes_of(error.errors()))
    contents = tuple(b64decode(one.content) for one in case.attachments)
    files = tuple(
        _file(one.name, one.type, content)
        for one, content in zip(case.attachments, contents, strict=True)
    )
    return Body(raw, case, files, contents)


async def _multipart(raw: bytes, headers: Headers) -> Body:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield raw

    parser = MultiPartParser(
        headers,
        chunks(),
        max_files=MAX_FILES,
        max_fields=MAX_FIELDS,
        max_part_size=max(len(raw), 1),
    )
    try:
        form = await parser.parse()
    except (MultiPartException, MultipartParseError) as error:
        mistake = Mistake("body", "multipart", f"This is no form: {clean(str(error))}")
        return Body(raw, NewCaseRequest(), mistakes=(mistake,))
    try:
        return await _form(raw, form)
    finally:
        await form.close()


async def _form(raw: bytes, form: FormData) -> Body:
    members: dict[str, Any] = {"fields": {}}
    files: list[InboundFile] = []
    contents: list[bytes] = []
    mistakes: list[Mistake] = []
    for name, value in form.multi_items():
        if name == "attachments" and isinstance(value, UploadFile):
            kind = value.content_type or "application/octet-stream"
            contents.append(await value.read())
            files.append(_file(value.filename or "file", kind, contents[-1]))
        elif name in CASE_MEMBERS and isinstance(value, str):
            members[name] = value
        elif name.startswith(FIELD) and isinstance(value, str):
            members["fields"][name.removeprefix(FIELD)] = value
        else:
            mistakes.append(Mistake(clean(name), "unknown", "The form has no such part."))
    try:
        valid = NewCaseRequest.model_validate(members)
    except ValidationError as error:
        return Body(raw, NewCaseRequest(), mistakes=(*mistakes, *mistakes_of(error.errors())))
    return Body(raw, valid, tuple(files), tuple(contents), tuple(mistakes), textual=True)


def _file(name: str, kind: str, content: bytes) -> InboundFile:
    safe = _UNSAFE.sub("_", clean(name))[-255:] or "file"
    return InboundFile(safe, clean(kind), sha256(content).hexdigest(), len(content))
