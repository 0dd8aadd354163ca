"""Random requests by everybody to every route: no answer may contain data of others."""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import httpx
import msgspec
from case_definition.schema.directory import Contact
from case_events.testing.asgi_client import AsgiClient
from case_portal.core.principal import Principal
from case_portal.core.problem import MAY_NOT_ASK
from case_portal.portal import Portal
from case_portal.web.site import COOKIE
from fastapi import FastAPI

from tests.support.isolation.desks import World
from tests.support.isolation.random_requests import Maker, Request, places_of
from tests.support.isolation.secrets import kept_from

NOBODY = ("", "a token that has expired", "garbage é\x00")
SERVER = "http://portal"
HIDDEN = (404, 422)
"""The answers about a thing that does not exist for a person: 404, or the problem of the request
itself. Never 403, which would reveal that the thing exists, to readers neither."""


class Findings:
    """The findings of an attack: `leaks` in words, the routes that it reached, and the correct
    answers."""

    def __init__(self) -> None:
        self.leaks: list[str] = []
        self.reached: set[str] = set()
        self.shown: Counter[str] = Counter()
        self.statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)


class Attack:
    """Requests of everybody to the portal's app. With `walled`, only the database protects the
    data."""

    def __init__(self, app: FastAPI, world: World, seed: int, walled: bool = False) -> None:
        self.world, self.walled = world, walled
        self.findings = Findings()
        self._chance, self._app, self._seed = Random(seed), app, seed
        self._portal: Portal = app.state.portal
        self.places = places_of(app)
        self._maker = Maker(self._chance, _places(world), _words(world))
        self._request: Callable[..., httpx.Response]

    def run(self, each: int) -> Findings:
        """Send this number of requests to each route, by anybody, in any order."""
        self.world.driver.played.append(f"attack of seed {self._seed}, {each} to each route")
        with asyncio.Runner() as runner:
            client = AsgiClient(self._app, SERVER, runner.get_loop(), raise_errors=False)
            self._request = client.request
            rounds = self.places * each
            self._chance.shuffle(rounds)
            for place in rounds:
                self._try(self._outside(self._maker.request(place)))
        return self.findings

    def _outside(self, request: Request) -> Request:
        """A request that gives nobody access to a case: what they saw of it from then on would be
        correct."""
        contacts = [person for twin in self.world.pair for person in twin.of_kind(Contact)]
        people = {account.person for account in self.world.accounts.values()}
        people |= {name for person in contacts for name in (person.id, person.email)}
        watcher = request.json if request.route.endswith("/watchers") else None
        if watcher is None or watcher.get("contact") not in people:
            return request
        return msgspec.structs.replace(request, json=watcher | {"contact": "nobody"})

    def _try(self, request: Request) -> None:
        token = self._chance.choice((*self.world.accounts, *NOBODY))
        who = self.world.principal(token)
        answer = self._send(token, request)
        attempt = f"{request.method} {request.route}"
        self.findings.reached.add(attempt)
        self.findings.statuses[attempt][answer.status_code] += 1
        name = f"{who.kind} {who.id} of {who.tenant}" if who else "nobody"
        self._look_for_secrets(answer, request, who, f"{name}: {attempt}")
        if who is not None:
            self._compare_with_nothing(answer, token, request, who, f"{name}: {attempt}")

    def _look_for_secrets(
        self, answer: httpx.Response, request: Request, who: Principal | None, attempt: str
    ) -> None:
        text = _text(answer)
        sent = str(msgspec.to_builtins(request))
        for secret in kept_from(who, self.world.secrets):
            if secret.word in text and secret.word not in sent and self._counts(secret.walled):
                self.findings.leaks.append(f"{attempt} shows {secret}")
        if who is not None and any(
            secret.word in text for secret in self.world.secrets if secret.is_for(who)
        ):
            self.findings.shown[who.kind] += 1

    def _compare_with_nothing(
        self, answer: httpx.Response, token: str, request: Request, who: Principal, attempt: str
    ) -> None:
        """The answer about another's thing must equal the answer about a thing that exists for
        nobody."""
        owned = {place: self.world.places[place] for place in request.path.values()
                 if place in self.world.places}  # fmt: skip
        hidden = {place for place, owners in owned.items()
                  if not any(owner.is_for(who) for owner in owners)
                  and not self.world.was_made_since(who.tenant, place)}  # fmt: skip
        if not hidden:
            return
        nowhere = {place: _absent(place, self._chance) for place in hidden}
        path = {name: nowhere.get(value, value) for name, value in request.path.items()}
        other = self._send(token, msgspec.structs.replace(request, path=path))
        if _plain(answer, hidden) != _plain(other, set(nowhere.values())):
            self.findings.leaks.append(f"{attempt} tells {hidden} from what is not there")
        if not _hides(answer, request, hidden):
            self.findings.leaks.append(f"{attempt} answers {answer.status_code} about {hidden}")

    def _counts(self, walled: bool) -> bool:
        return walled or not self.walled

    def _send(self, token: str, request: Request) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}".encode()}
        cookie = f"{COOKIE}={token}".encode()
        sent: dict[str, Any] = {"params": request.query, "headers": {**headers, "Cookie": cookie}}
        if request.form is not None:
            form = request.form | {"form_token": self._portal.form_token(token)}
            sent |= {"data": form, "files": request.files or None}
        elif request.json is not None:
            sent |= {"json": request.json}
        answer: httpx.Response = self._request(request.method, request.url, **sent)
        return answer


def _hides(answer: httpx.Response, request: Request, hidden: set[str]) -> bool:
    """Whether an answer about a hidden thing is an answer that a person gets about any thing.

    A person who sees a case and may not send a command is told so before anything else in the
    request is looked up.
    """
    is_api = request.url.startswith("/api/")
    if answer.status_code == 403:
        sees_the_case = request.path.get("reference", next(iter(hidden))) not in hidden
        return sees_the_case and (MAY_NOT_ASK.code in answer.text or not is_api)
    return answer.status_code in HIDDEN or not is_api


def _places(world: World) -> dict[str, list[str]]:
    definition = world.pair[0].documents.definition
    steps = [step["name"] for step in definition["transitions"]]
    known = {kind: sorted(places) for kind, places in world.kinds.items()}
    return known | {"name": steps, "nothing": ["X-1", str(UUID(int=7))]}


def _words(world: World) -> list[str]:
    """Possible values in a query or body: searches, and ids that everybody knows."""
    people = {entry.id for twin in world.pair for entry in twin.documents.directory}
    secret = {secret.word for secret in world.secrets}
    tenants = [twin.tenant for twin in world.pair]
    searches = ["*", "zq", "zq*", "Help *", "", "2026-03-01", "2026-04-01T00:00:00Z", "en"]
    return sorted({*(people - secret), *tenants, *searches, *world.kinds["reference"]})


def _absent(place: str, chance: Random) -> str:
    """A value of the same form that never existed."""
    if re.fullmatch(r"[0-9a-f]{64}", place):
        return f"{chance.getrandbits(256):064x}"
    if re.fullmatch(r"[0-9a-f-]{36}", place):
        return str(UUID(int=chance.getrandbits(128), version=4))
    return re.sub(r"\d+$", lambda found: "9" * len(found[0]), place)


def _plain(answer: httpx.Response, places: set[str]) -> tuple[int, str]:
    text = answer.text
    for place in sorted(places):
        text = re.sub(re.escape(place), "…", text, flags=re.IGNORECASE)
    return answer.status_code, text


def _text(answer: httpx.Response) -> str:
    return answer.content.decode("utf-8", "replace") + str(answer.headers)
