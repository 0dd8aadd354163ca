"""What the security log costs a page view: the page of a case, read by two agents in turns.

Only one of the two has the case assigned; the reading of the other is recorded before the page is
shown. Both see the same case.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import httpx
from case_definition.publishing.loading import load_tenant
from case_definition.schema.directory import Agent
from casefold.samples import Login, read_sample

from benchmarks.figures import Table, percentile
from benchmarks.known import TENANTS
from benchmarks.ways import LOOK_EVERY, TIMEOUT, Api
from tests.support.real.platform import RunningPlatform, running

TIMES, WARM_UP = 200, 40
Times = dict[str, dict[str, list[float]]]


def measure() -> Table:
    """The page of a case and its answer of the API, recorded and not, on a platform of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="casefold-views-") as folder,
        running(Path(folder), long_running=True) as platform,
    ):
        return asyncio.run(_measured(platform))


async def _measured(platform: RunningPlatform) -> Table:
    agents = _agents()
    teams = _teams(agents[0].account.tenant)
    portal, intake = (f"{platform.url(name)}/api/v1" for name in ("portal", "intake"))
    async with (
        httpx.AsyncClient(base_url=portal, timeout=30) as api,
        httpx.AsyncClient(base_url=intake, timeout=30) as forms,
        httpx.AsyncClient(base_url=platform.url("portal"), timeout=30) as pages,
    ):
        contact = Api(forms, api)
        await contact.log_in()
        _, reference = await contact.create()
        await _shown(contact, reference)
        tokens = {one.account.person: await _token(pages, one) for one in agents}
        times: Times = {path: {"own": [], "other": []} for path in _paths(reference)}
        for agent in tokens:
            await _assign(pages, tokens[agent], reference, teams[agent], agent)
            await _view(pages, tokens, agent, times)
    [[events]] = platform.query(
        "portal", "select count(*) from documents where key like 'security:%'"
    )
    rows = list(map(_row, ("the page", "the API"), times.values()))
    return Table("What the security log costs a page view", rows, [
        "own: by the agent whom the case is assigned to, which is not recorded; recorded: by the",
        f"other, in turns; each agent is both in turn. {events} events are in the log.",
    ])  # fmt: skip


async def _shown(contact: Api, reference: str) -> None:
    for _ in range(int(TIMEOUT / LOOK_EVERY)):
        if await contact.shows(reference):
            return
        await asyncio.sleep(LOOK_EVERY)
    raise TimeoutError(f"the portal does not show {reference}")


def _paths(reference: str) -> tuple[str, str]:
    return f"/cases/{reference}", f"/api/v1/cases/{reference}"


async def _view(
    client: httpx.AsyncClient, tokens: Mapping[str, str], assigned: str, times: Times
) -> None:
    """Read each path by both agents, in a random order."""
    order = [(path, agent) for path in times for agent in tokens] * (TIMES + WARM_UP)
    Random(7).shuffle(order)
    for place, (path, agent) in enumerate(order):
        began = time.perf_counter()
        answer = await client.get(path, headers={"Cookie": f"casefold_session={tokens[agent]}"})
        took = (time.perf_counter() - began) * 1000
        assert answer.status_code == 200, answer.text
        if place >= WARM_UP:
            times[path]["own" if agent == assigned else "other"].append(took)


def _row(what: str, times: Mapping[str, list[float]]) -> dict[str, Any]:
    own, other = (percentile(times[whose], 0.5) for whose in ("own", "other"))
    return {
        "what": what,
        "n": len(times["other"]),
        "own p50 ms": own,
        "recorded p50 ms": other,
        "more ms": other - own,
        "ratio": other / own,
        "recorded p99 ms": percentile(times["other"], 0.99),
    }


def _agents() -> tuple[Login, Login]:
    """Two agents of the tenant of the first sample account, whose contact `Api` is."""
    logins = read_sample().logins
    tenant = logins[0].account.tenant
    first, second, *_ = [
        one for one in logins if (one.account.kind, one.account.tenant) == ("agent", tenant)
    ]
    return first, second


async def _token(client: httpx.AsyncClient, login: Login) -> str:
    form = {"user": login.account.user, "password": login.password, "tenant": login.account.tenant}
    answer = (await client.post("/api/v1/session", json=form)).raise_for_status()
    return str(answer.json()["token"])


def _teams(tenant: str) -> dict[str, str]:
    """The first team of each agent."""
    entries = load_tenant(TENANTS / tenant).directory
    return {one.id: one.teams[0] for one in entries if isinstance(one, Agent) and one.teams}


async def _assign(
    client: httpx.AsyncClient, token: str, reference: str, team: str, agent: str
) -> None:
    form = {"team": team, "agent": agent}
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/cases/{reference}/assignment"
    (await client.post(path, json=form, headers=headers)).raise_for_status()


if __name__ == "__main__":
    print(measure())
