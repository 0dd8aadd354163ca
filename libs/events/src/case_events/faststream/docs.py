"""FastStream's own AsyncAPI page, with the platform's document.

The document that FastStream generates from subscribers and publishers says little: `cases` has one
message without fields. The page loads nothing from elsewhere, and cannot publish.
"""

import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from faststream.asgi import AsgiResponse, get
from faststream.asgi.types import ASGIApp
from faststream.kafka import KafkaBroker
from faststream.kafka.publisher.usecase import LogicPublisher
from faststream.kafka.subscriber.usecase import LogicSubscriber
from faststream.specification.asyncapi.site import get_asyncapi_html
from faststream.specification.base import Specification, SpecificationFactory

from case_events.tools.asyncapi import Document, asyncapi

_FOREIGN_ICONS = re.compile(r'\s*<link rel="icon"[^>]*>')
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class PlatformSpecification(SpecificationFactory):
    """The specification of an app: its title and operations, with the platform's channels, messages
    and schemas. Pass it to the app as `specification`."""

    def __init__(self, title: str, version: str = "1", description: str | None = None) -> None:
        self.title, self.version, self.description = title, version, description
        self.contact = self.license = None
        self._brokers: list[KafkaBroker] = []

    def add_broker(self, broker: Any, /) -> SpecificationFactory:
        """Add the operations of a broker's subscribers and publishers."""
        if broker not in self._brokers:
            self._brokers.append(broker)
        return self

    def add_http_route(self, path: str, handler: Any) -> SpecificationFactory:
        """Ignore the route: HTTP routes are not part of the document."""
        return self

    def to_specification(self) -> Specification:
        """Return the current document."""
        document = asyncapi()
        info = {"title": self.title, "version": self.version, "description": self.description}
        document["info"] |= {name: text for name, text in info.items() if text}
        document["operations"] |= dict(self._operations(document["channels"]))
        return PlatformDocument(document)

    def _operations(self, channels: Document) -> Iterator[tuple[str, Document]]:
        """Yield the app's operations on the platform's topics."""
        name = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")
        for broker in self._brokers:
            subscribers = (one for one in broker.subscribers if isinstance(one, LogicSubscriber))
            publishers = (one for one in broker.publishers if isinstance(one, LogicPublisher))
            read = {topic for one in subscribers for topic in one.topic_names}
            written = {one.topic for one in publishers}
            for topics, action, does in ((read, "receive", "reads"), (written, "send", "writes")):
                for topic in sorted(topics & channels.keys()):
                    yield (
                        f"{name}-{does}-{topic}",
                        {
                            "action": action,
                            "channel": {"$ref": f"#/channels/{topic}"},
                            "summary": f"{self.title} {does} {topic}.",
                        },
                    )


class PlatformDocument:
    """A document in the form in which FastStream uses specifications."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def title(self) -> str:
        """The title of the app."""
        return str(self._document["info"]["title"])

    def to_jsonable(self) -> Document:
        """Return the document as plain values."""
        return self._document

    def to_json(self) -> str:
        """Return the document as JSON that may stand within a script of a page."""
        return json.dumps(self._document).replace("<", "\\u003c")

    def to_yaml(self) -> str:
        """Return the document as JSON, which is also YAML."""
        return self.to_json()


def asyncapi_page(
    specification: SpecificationFactory, path: str = "/asyncapi"
) -> Sequence[tuple[str, ASGIApp]]:
    """Return routes for the `asgi_routes` of an app: the page at `path`, and the document at
    `path`.json."""
    script, style = f"{path}/viewer.js", f"{path}/viewer.css"

    @get(include_in_schema=False)
    async def page(_: Any) -> AsgiResponse:
        html = get_asyncapi_html(
            specification.to_specification(),
            asyncapi_js_url=script,
            asyncapi_css_url=style,
            try_it_out_path=None,
        )
        body = _FOREIGN_ICONS.sub("", html).encode()
        return _response(body, "text/html", {"Content-Security-Policy": _POLICY})

    @get(include_in_schema=False)
    async def document(_: Any) -> AsgiResponse:
        return _response(specification.to_specification().to_json().encode(), "application/json")

    return [
        (path, page),
        (f"{path}.json", document),
        (script, _asset("viewer.js", "text/javascript")),
        (style, _asset("viewer.css", "text/css")),
    ]


def _asset(name: str, kind: str) -> ASGIApp:
    content = (files("case_events.faststream") / "asyncapi_viewer" / name).read_bytes()

    @get(include_in_schema=False)
    async def asset(_: Any) -> AsgiResponse:
        return _response(content, kind)

    return asset


def _response(body: bytes, kind: str, more: dict[str, str] | None = None) -> AsgiResponse:
    headers = {"Content-Type": f"{kind}; charset=utf-8", "X-Content-Type-Options": "nosniff"}
    return AsgiResponse(body, 200, headers | (more or {}))
