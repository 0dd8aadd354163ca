"""The web pages and the JSON API of the sink."""

from dataclasses import asdict
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import DictLoader, Environment, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from casefold.sink.store import SinkMail, Store

NAMES = ("frame.html", "list.html", "mail.html")
DEFAULT_LIMIT = 1000
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self';"
        " form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
}
templates = Environment(
    loader=DictLoader({name: files("casefold.sink").joinpath(name).read_text() for name in NAMES}),
    autoescape=select_autoescape(),
)


def application(store: Store) -> Starlette:
    """The web application over a store."""
    pages = Pages(store)
    return Starlette(
        routes=[
            Route("/", pages.list_mails),
            Route("/mails/{id}", pages.show),
            Route("/mails/{id}/raw", pages.raw),
            Route("/mails/{id}/attachments/{index:int}", pages.attachment),
            Route("/api/mails", pages.api_list),
            Route("/api/mails/{id}", pages.api_show),
            Route("/health/live", pages.health),
            Route("/health/ready", pages.health),
        ]
    )


class Pages:
    """The request handlers of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_mails(self, request: Request) -> Response:
        """The page with all mails, newest first; with `to`, those of one recipient."""
        to = request.query_params.get("to", "")
        mails = self._store.newest_first(to)
        return _page("list.html", mails=mails[:DEFAULT_LIMIT], count=len(mails), to=to)

    async def show(self, request: Request) -> Response:
        """The page of one mail: headers, text, HTML and attachments."""
        return _page("mail.html", mail=self._mail(request))

    async def raw(self, request: Request) -> Response:
        """One mail as it arrived."""
        raw = self._store.raw(self._mail(request).id)
        return PlainTextResponse(raw.decode("utf-8", "replace"), headers=SAFE)

    async def attachment(self, request: Request) -> Response:
        """One attachment, as a download."""
        mail, index = self._mail(request), request.path_params["index"]
        if index >= len(mail.attachments):
            raise HTTPException(404)
        name = quote(mail.attachments[index].name, safe="")
        return Response(
            self._store.attachment(mail.id, index),
            media_type="application/octet-stream",
            headers=SAFE | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    async def api_list(self, request: Request) -> Response:
        """At most `limit` mails as JSON, newest first; with `to`, those of one recipient."""
        limit = request.query_params.get("limit", str(DEFAULT_LIMIT))
        if not limit.isdigit():
            raise HTTPException(400, "limit is not a number")
        mails = self._store.newest_first(request.query_params.get("to", ""))
        return JSONResponse([as_json(mail) for mail in mails[: int(limit)]])

    async def api_show(self, request: Request) -> Response:
        """One mail as JSON."""
        return JSONResponse(as_json(self._mail(request)))

    async def health(self, _: Request) -> Response:
        """The health of the sink: it answers, so it is alive."""
        return JSONResponse({"status": "ok"})

    def _mail(self, request: Request) -> SinkMail:
        mail = self._store.get(request.path_params["id"])
        if mail is None:
            raise HTTPException(404)
        return mail


def as_json(mail: SinkMail) -> dict[str, Any]:
    """A mail as JSON, with the headers that tests read as members of their own."""
    names = ("From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References")
    named = {name.lower().replace("-", "_"): mail.header(name) for name in names}
    return asdict(mail) | {"headers": [list(header) for header in mail.headers]} | named


def _page(name: str, **values: Any) -> HTMLResponse:
    return HTMLResponse(templates.get_template(name).render(**values), headers=SAFE)
