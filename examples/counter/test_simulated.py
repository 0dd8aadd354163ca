"""How a service is tested in the runtime: in memory and in virtual time, without servers."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from case_events.contracts.base import Event
from case_events.contracts.catalogue import WRITERS
from case_events.envelope import SYSTEM
from case_events.runtime import Origin, Outbox, Unavailable
from case_events.testing import Simulation, codec, virtual_time
from case_events.testing.asgi_client import AsgiClient
from case_events.topics import CASES, COMMANDS
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.counter.service import COUNTER, Count, Counted, CountRefused
from examples.counter.test_service import NoReference

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASE = UUID(int=1)
WRITERS_HERE = WRITERS | {COMMANDS: frozenset({"portal", "counter"})}


def simulation() -> Simulation:
    """A platform that consists of the counter. It may write commands, as its web app does."""
    made = Simulation(NOW, codec("counter", writers=WRITERS_HERE))
    made.add(COUNTER, NoReference())
    return made


def events(made: Simulation) -> list[Event]:
    return [record.data for record in made.records(CASES)]


def test_a_command_becomes_an_event() -> None:
    async def story() -> None:
        made = simulation()
        await made.start()
        made.publish(COMMANDS, Count(8), CASE, writer="portal")
        made.publish(COMMANDS, Count(3), CASE, writer="portal")
        await made.settle()
        assert events(made) == [Counted(8), CountRefused("8 and 3 are more than 10.")]

    virtual_time.run(story())


def test_nothing_is_counted_twice_when_the_database_fails_in_a_commit() -> None:
    async def story() -> None:
        made = simulation()
        await made.start()
        faults = made.services["counter"].faults
        faults.plan("commit", Unavailable("gone before the commit"))
        faults.plan("answer", Unavailable("gone after the commit"))
        made.publish(COMMANDS, Count(3), CASE, writer="portal")
        await asyncio.sleep(60)  # virtual seconds
        assert events(made) == [Counted(3)]

    virtual_time.run(story())


def test_the_counter_goes_on_after_it_was_killed() -> None:
    async def story() -> None:
        made = simulation()
        await made.start()
        made.publish(COMMANDS, Count(3), CASE, writer="portal")
        await made.settle()
        await made.services["counter"].kill()
        made.publish(COMMANDS, Count(4), CASE, writer="portal")
        made.services["counter"].start()
        await made.settle()
        assert events(made) == [Counted(3), Counted(4)]

    virtual_time.run(story())


def web_app(outbox: Outbox[Any]) -> Starlette:
    """An entry point: `POST /cases/{case}?by=` publishes a command, and answers 202."""

    async def count(request: Request) -> Response:
        origin = Origin(tenant="acme", actor=SYSTEM, channel="api")
        command = Count(int(request.query_params["by"]))
        async with outbox.open() as transaction:
            transaction.publish(COMMANDS, command, origin, request.path_params["case"])
        return Response(status_code=202)

    return Starlette(routes=[Route("/cases/{case:uuid}", count, methods=["POST"])])


def test_a_request_becomes_an_event() -> None:
    loop, made = virtual_time.VirtualLoop(), simulation()

    def run(step: Coroutine[Any, Any, None]) -> None:
        loop.run_until_complete(step)

    run(made.start())
    client = AsgiClient(web_app(made.services["counter"].outbox), "http://counter", loop)
    assert client.request("POST", f"/cases/{CASE}", params={"by": 5}).status_code == 202
    run(made.settle())
    assert events(made) == [Counted(5)]
    run(made.stop())
    loop.close()
