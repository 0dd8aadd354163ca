"""Files that come with a form, and files for download."""

import re
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from case_portal.core.files import Files, Upload
from case_portal.core.problem import UNKNOWN_FILE, Problem
from case_portal.read_model.view import CaseFile

PLAIN = "application/octet-stream"
MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,60}")
TOO_MUCH = "More was sent than one request may carry."
LONGEST_NAME = 200


async def received(files: Sequence[UploadFile]) -> list[Upload]:
    """The files of a form, without empty file inputs."""
    return [
        Upload(name=clean_name(file.filename), type=clean_type(file.content_type), data=data)
        for file in files
        if (data := await file.read()) or file.filename
    ]


def clean_name(name: str | None) -> str:
    """The name of a file without a path and without unprintable characters."""
    last = re.split(r"[/\\]", name or "")[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip()
    return printable[:LONGEST_NAME] or "file"


def clean_type(media_type: str | None) -> str:
    """A media type that may be sent as a header."""
    plain = (media_type or "").partition(";")[0].strip()
    return plain if MEDIA_TYPE.fullmatch(plain) else PLAIN


async def download(files: Files, tenant: str, file: CaseFile) -> Response | Problem:
    """A file as a download, which browsers never show as a page of the portal."""
    try:
        data = await files.get(tenant, file.sha256)
    except LookupError:
        return UNKNOWN_FILE
    name = clean_name(file.name)
    ascii_name = re.sub(r'[^\x20-\x7e]|["\\]', "_", name)
    return Response(
        data,
        media_type=clean_type(file.type),
        headers={
            "Content-Disposition": (
                f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        },
    )


class _TooMuch(Exception):
    """The body is larger than a request may be."""


class BodyLimit:
    """ASGI middleware: answers 413 to a request with a larger body, and stops reading it."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self._limit:
            await _refuse(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                raise _TooMuch
            return message

        async def unless_too_much(message: Message) -> None:
            if taken <= self._limit:
                await send(message)

        # The reader of the body may take the exception for a broken form and answer that.
        with suppress(_TooMuch):
            await self._app(scope, counted, unless_too_much)
        if taken > self._limit:
            await _refuse(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    body = (
        '{"type":"about:blank","title":"Content too large","status":413,'
        f'"detail":"{TOO_MUCH}","code":"too_large","rule":"max_size"}}'
    )
    response = PlainTextResponse(body, 413, media_type="application/problem+json")
    await response(scope, receive, send)
