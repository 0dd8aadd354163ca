"""Random requests to every route of an app, whatever the routes take."""

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Literal

from fastapi import FastAPI, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from msgspec import Struct
from pydantic import BaseModel

LIKELY = 0.3
"""The probability that a query parameter is sent; half of the requests have none."""
FITTING = 0.9
"""The probability that a value in a path fits its parameter, if the parameter is known."""


class Request(Struct, frozen=True, kw_only=True):
    """One request, without its sender."""

    method: str
    route: str
    path: dict[str, str]
    query: dict[str, Any]
    form: dict[str, str] | None = None
    files: dict[str, tuple[str, bytes]] = {}
    json: Any = None

    @property
    def url(self) -> str:
        """The URL of the request."""
        url = self.route
        for name, value in self.path.items():
            url = url.replace(f"{{{name}}}", value)
        return url


class Place(Struct, frozen=True):
    """One method of one route."""

    method: str
    path: str
    route: APIRoute

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def places_of(app: FastAPI) -> list[Place]:
    """Every method of every route of an app, documented or not."""
    found = [
        Place(method, path, route)
        for path, route in _walk(app.router, "")
        for method in sorted(route.methods or ())
    ]
    documented = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    missing = documented - {str(place) for place in found}
    assert not missing, f"the walk over the routes passes by {missing}"
    return found


def _walk(router: Any, prefix: str) -> Iterator[tuple[str, APIRoute]]:
    """The routes of a router with their whole paths, and those of the routers that it includes."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif inner is not None:
            yield from _walk(inner, prefix + route.include_context.prefix)


def _with_inner(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _with_inner(inner)


class Maker:
    """Makes requests.

    `places` are possible values in a path, by the name of the parameter; a name that is not among
    them gets any of all. `words` may be anywhere else.
    """

    def __init__(
        self, chance: Random, places: Mapping[str, Sequence[str]], words: Sequence[str]
    ) -> None:
        self._chance, self._places, self._words = chance, places, words

    def request(self, to: Place) -> Request:
        """A request to a place."""
        asked = list(_with_inner(to.route.dependant))
        path = {field.alias: self._place(field.alias)
                for one in asked for field in one.path_params}  # fmt: skip
        likely = self._chance.choice((0, LIKELY))
        query = {
            name: self._value(schema)
            for one in asked
            for name, schema in _named(one.query_params)
            if self._chance.random() < likely
        }
        request = Request(method=to.method, route=to.path, path=path, query=query)
        if to.method in ("GET", "HEAD"):
            return request
        if to.route.openapi_extra:
            return self._described(request, to.route.openapi_extra["requestBody"]["content"])
        return self._filled_in(request, [field for one in asked for field in one.body_params])

    def _filled_in(self, request: Request, body: Sequence[Any]) -> Request:
        schemas = dict(_named(body))
        values = {name: self._value(kind) for name, kind in schemas.items()}
        forms = not body or any(isinstance(one.field_info, params.Form) for one in body)
        if not forms:
            return Request(**_fields(request) | {"json": values})
        form = {name: str(value) for name, value in values.items() if name != "files"}
        files = {"files": ("a.txt", b"a")} if "files" in values else {}
        return Request(**_fields(request) | {"form": form, "files": files})

    def _described(self, request: Request, content: Mapping[str, Any]) -> Request:
        """The request with a body as its document describes it, if no signature does: JSON, or a
        form."""
        kinds = [kind for kind, body in content.items() if "properties" in body["schema"]]
        kind = self._chance.choice(kinds)
        given = {name: one["type"] for name, one in content[kind]["schema"]["properties"].items()}
        files = [name for name, one in given.items() if one == "array"]
        values = {name: self._fitting(one) for name, one in given.items() if name not in files}
        if kind == "application/json":
            return Request(**_fields(request) | {"json": values})
        form = {name: str(value) for name, value in values.items()}
        form |= {f"fields.{self._chance.choice(self._words)}": self._chance.choice(self._words)}
        sent = dict.fromkeys(files, ("a.txt", b"a"))
        return Request(**_fields(request) | {"form": form, "files": sent})

    def _fitting(self, kind: str) -> Any:
        return self._value({"integer": int, "string": str, "object": dict[str, str]}[kind])

    def _place(self, name: str) -> str:
        everything = [place for places in self._places.values() for place in places]
        fits = self._chance.random() < FITTING
        return self._chance.choice(self._places.get(name, everything) if fits else everything)

    def _value(self, kind: Any) -> Any:
        """A value of a type, or a word if the type allows it."""
        kinds = [kind, *typing.get_args(kind)]
        origin = typing.get_origin(kind)
        if origin is Literal:
            return self._chance.choice(typing.get_args(kind))
        if origin in (typing.Union, types.UnionType, typing.Annotated):
            return self._value(self._chance.choice(kinds[1:2] if origin is typing.Annotated
                                                   else typing.get_args(kind)))  # fmt: skip
        if origin in (list, Sequence) or (origin and issubclass(origin, Sequence)):
            return [self._value(kinds[1])]
        if origin is dict:
            return {self._chance.choice(self._words): self._chance.choice(self._words)}
        if kind is bool:
            return self._chance.random() < 0.5
        if kind in (int, float):
            return self._chance.choice((0, 1, 2))
        return self._chance.choice(self._words)


def _named(fields: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Each parameter with its type; those of a model one by one."""
    for field in fields:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, inner in kind.model_fields.items():
                yield inner.alias or name, inner.annotation
        else:
            yield field.alias, kind


def _fields(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in request.__struct_fields__}
