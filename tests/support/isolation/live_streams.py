"""The live stream of every case, opened by everybody while all cases change."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from case_events.contracts.commands import AddComment
from case_events.contracts.parts import WrittenContent
from case_portal.core.principal import Principal
from case_portal.read_model.view import CaseView, FoundCase
from case_portal.web.site import COOKIE
from fastapi import FastAPI

from tests.support.isolation.desks import World
from tests.support.isolation.secrets import Secret, kept_from
from tests.support.world.case_views import view_of

CHANGED = "event: changed"
TIMEOUT = 10.0
"""Seconds after which a listener without an event gets none."""
SHORT_TIMEOUT = 0.1
"""The same, if the first leak is enough."""
TURNS = 100
"""Turns of the loop in which every woken listener reports."""

Change = Callable[[UUID], Awaitable[set[UUID]]]
"""Changes a case. Returns the cases that changed with it, and of which streams report."""


class SimulatedChanges:
    """`case_portal.read_model.ports.Changes`, notified of each change as by NOTIFY."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, list[asyncio.Queue[bool]]] = defaultdict(list)

    def tell(self, case: UUID) -> None:
        """Report a change of a case."""
        for queue in self._waiting[case]:
            queue.put_nowait(True)

    def tell_everybody(self, case: UUID) -> None:
        """Report every change to everybody: the fault of a stream that does not separate cases."""
        for one in list(self._waiting):
            SimulatedChanges.tell(self, one)

    @asynccontextmanager
    async def of_case(self, case: UUID) -> AsyncIterator[AsyncIterator[bool]]:
        queue: asyncio.Queue[bool] = asyncio.Queue()
        self._waiting[case].append(queue)

        async def changes() -> AsyncIterator[bool]:
            while True:
                yield await queue.get()

        yield changes()


class Listener:
    """A person with an open stream of a case, if it was opened to them. `own` is their own case
    with this reference."""

    def __init__(self, token: str, who: Principal | None, reference: str, own: UUID | None) -> None:
        self.who, self.reference, self.own = who, reference, own
        self.status, self.text = 0, ""
        self._token, self._opened, self._closing = token, asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def __str__(self) -> str:
        name = f"{self.who.kind} {self.who.id} of {self.who.tenant}" if self.who else "nobody"
        return f"{name} at {self.reference}"

    @property
    def heard(self) -> int:
        """The number of changes that were reported."""
        return self.text.count(CHANGED)

    async def open(self, app: FastAPI) -> None:
        """Open the stream, and count its events from now on."""
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": f"/cases/{self.reference}/events", "root_path": "",
            "query_string": b"", "client": ("client", 1), "server": ("portal", 80),
            "headers": [(b"host", b"portal"), (b"cookie", f"{COOKIE}={self._token}".encode())],
        }  # fmt: skip
        self._task = asyncio.create_task(app(scope, self._receive, self._send))
        await self._opened.wait()

    async def close(self) -> None:
        """Close the stream."""
        self._closing.set()
        if self._task is not None:
            await self._task

    async def _receive(self) -> MutableMapping[str, Any]:
        await self._closing.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.text += message.get("body", b"").decode()
        self._opened.set()


async def leaks_by_stream(
    app: FastAPI, world: World, change: Change, seconds: float = TIMEOUT
) -> tuple[list[str], int]:
    """Reports of streams to people for whom the case does not exist, and the number of correct
    reports. Each case changes once; `change` ends when everybody who may know of it does."""
    views = views_of(world)
    leaks: list[str] = []
    received = 0
    listeners = list(_everybody(world, views))
    try:
        for one in listeners:
            await one.open(app)
            if (one.status == 200) != (one.own is not None):
                leaks.append(f"{one} is answered {one.status}")
        for case, view in views.items():
            before = [one.heard for one in listeners]
            changed = await change(case)
            await _heard(changed, listeners, before, seconds)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            for one, heard in zip(listeners, before, strict=True):
                changes = one.heard - heard
                if changes != (one.own in changed):
                    leaks.append(f"{one} hears {changes} times of {view.tenant} {view.reference}")
                received += changes
    finally:
        for one in listeners:
            await one.close()
    leaks += [
        f"{one} shows {secret}"
        for one in listeners
        for secret in kept_from(one.who, world.secrets)
        if secret.word in one.text
    ]
    return leaks, received


async def _heard(
    changed: set[UUID], listeners: list[Listener], before: list[int], seconds: float
) -> None:
    """Wait for the reports: a notified stream first checks whether the case still exists for its
    reader, which takes time."""
    own = [(one, had) for one, had in zip(listeners, before, strict=True) if one.own in changed]
    until = asyncio.get_running_loop().time() + seconds
    while any(one.heard == had for one, had in own):
        if asyncio.get_running_loop().time() > until:
            return
        await asyncio.sleep(0)


def views_of(world: World) -> dict[UUID, CaseView]:
    """Every case that the portal knows."""
    kept = world.driver.platform.services["portal"].log.state.snapshots
    views = {case: view_of(one.state) for case, one in kept.items()}
    return {case: view for case, view in views.items() if view.reference}


def simulated_change(world: World, changes: SimulatedChanges) -> Change:
    """The desk of a case writes on it, and the portal is notified of what it stores."""
    views = views_of(world)
    state = world.driver.platform.services["portal"].log.state
    people = [world.principal(token) for token in world.accounts]
    agents = [who for who in people if who is not None and who.kind == "agent"]

    async def change(case: UUID) -> set[UUID]:
        view, before = views[case], {one: kept.version for one, kept in state.snapshots.items()}
        command = AddComment(public=True, personal=WrittenContent(text="More."))
        found = FoundCase(case, view)
        desk = next(who for who in agents if _sees(who, view))
        await asyncio.to_thread(world.driver.ask_as, desk, found, command)
        changed = {one for one, kept in state.snapshots.items() if kept.version != before.get(one)}
        assert case in changed, f"nothing happened to {view.reference}"
        for one in changed:
            changes.tell(one)
        return changed

    return change


def _everybody(world: World, views: Mapping[UUID, CaseView]) -> Iterator[Listener]:
    for token in (*world.accounts, "", "a token that has expired"):
        who = world.principal(token)
        for reference in sorted(world.kinds["reference"]):
            own = [case for case, view in views.items()
                   if who and view.reference == reference and _sees(who, view)]  # fmt: skip
            yield Listener(token, who, reference, own[0] if own else None)


def _sees(who: Principal, view: CaseView) -> bool:
    mine = Secret("", view.tenant, view.customer, view.contact, internal=not view.customer,
                  hidden="".join(view.hidden_from))  # fmt: skip
    watches = who.tenant == view.tenant and f"contact/{who.id}" in view.people.watchers
    return mine.is_for(who) or (who.kind == "contact" and watches)
