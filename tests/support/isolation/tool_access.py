"""The platform's own tools, used for one tenant, or one customer, while there are others."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import click
from case_events.kernel import Timer
from case_events.runtime.ports import Snapshot
from case_events.runtime.postgres import PostgresLog
from case_sla.adapters import platform
from case_sla.entrypoints.cli import sla
from case_workflow.entrypoints.cli import case
from click.testing import CliRunner
from psycopg_pool import AsyncConnectionPool

from tests.support.isolation.desks import World
from tests.support.isolation.secrets import Secret

SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
READERS: tuple[tuple[click.Group, str, tuple[str, ...]], ...] = (
    (case, "history", ()),
    (case, "history", ("--json",)),
    (case, "verify", ()),
    (sla, "explain", ()),
    (sla, "explain", ("--json",)),
    (sla, "what-if", ("--json",)),
)
"""The commands about one case, by its reference."""


def copy_workflow(url: str, world: World) -> None:
    """Write the log and the snapshots of the simulated workflow to a database, as the runtime
    writes them."""
    state = world.driver.platform.services["workflow"].log.state
    kept = {of: Snapshot(one.state, one.version, one.digest) for of, one in state.snapshots.items()}
    timers = [(one.case, Timer(one.name, one.due), one.cause) for one in state.timers.values()]

    async def write() -> None:
        async with (
            AsyncConnectionPool(url, min_size=1, open=False) as pool,
            PostgresLog(pool).transaction({}) as tx,
        ):
            await tx.next_sequences(
                {partition: len(one) for partition, one in state.entries.items()}
            )
            for entries in state.entries.values():
                await tx.append(entries)
            await tx.save(dict.fromkeys(kept, 0), kept)
            await tx.set_timers({of: 0 for of, _, _ in timers}, timers)

    asyncio.run(write())


class Tools:
    """Runs the tools at random. `leaks` is data of others in their answers, `told` the number of
    answers."""

    def __init__(self, world: World, folder: Path, seed: int) -> None:
        self._world, self._chance = world, Random(seed)
        self._other = _another_calendar(world, folder)
        self._tenants = [twin.tenant for twin in world.pair]
        self.leaks: list[str] = []
        self.read: dict[str, int] = {}

    def ask(self, each: int) -> None:
        """Run every reader this number of times, in any scope."""
        for _ in range(each):
            for group, name, options in READERS:
                self._of_one_case(group, name, options)
            tenant, customer = self._tenant(), self._customer()
            self._note("terms", tenant, None, _terms(tenant))
            self._note("created", tenant, None, platform.created_cases(tenant, SINCE, UNTIL))
            self._note("open", tenant, customer, platform.open_cases(tenant, customer))

    def _of_one_case(self, group: click.Group, name: str, options: tuple[str, ...]) -> None:
        reference, tenant = self._reference(), self._tenant()
        other = ("--calendar", self._other) if name == "what-if" else ()
        asked = [name, reference, "--tenant", tenant, *options, *other]
        done = CliRunner().invoke(group, asked)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        owners = self._world.places.get(reference, [])
        if not tenant and len({owner.tenant for owner in owners}) == 1:
            tenant = owners[0].tenant
        mine = [owner for owner in owners if owner.tenant == tenant]
        customer = mine[0].customer if mine else None
        command = f"{group.name} {name} {' '.join(options)}".strip()
        self._look(f"{command} {reference}", command, tenant, customer, done.output)
        if (done.exit_code == 0) != bool(mine):
            self.leaks.append(f"{command} {reference} of {tenant!r}: {done.output}")

    def _note(
        self, name: str, tenant: str, customer: str | None, outputs: Iterable[object]
    ) -> None:
        text = "".join(str(one) for one in outputs)
        self._look(f"{name} of {customer}", name, tenant, customer, text)

    def _look(self, asked: str, name: str, tenant: str, customer: str | None, text: str) -> None:
        found = [secret for secret in self._world.secrets if secret.word in text]
        self.leaks += [f"{asked} of {tenant!r} tells {secret}"
                       for secret in found if not _within(secret, tenant, customer)]  # fmt: skip
        self.read[name] = self.read.get(name, 0) + bool(text.strip())

    def _tenant(self) -> str:
        one, other = self._chance.sample(self._tenants, 2)
        nearly = (one[:-1], one.upper(), f"{one}/{other}", "%", "")
        return self._chance.choice((one, one, one, self._chance.choice(nearly)))

    def _customer(self) -> str:
        known = sorted({secret.customer for secret in self._world.secrets if secret.customer})
        one = self._chance.choice(known)
        return self._chance.choice((one, one, one[:-1], f"{one}@", "%"))

    def _reference(self) -> str:
        one = self._chance.choice(sorted(self._world.kinds["reference"]))
        return self._chance.choice((one, one, one, one[:-1], "%"))


def _another_calendar(world: World, folder: Path) -> str:
    """A calendar for a what-if question: one of both tenants that is always open."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    always = {"timezone": "UTC", "hours": {day: [["00:00", "24:00"]] for day in days}}
    path = folder / "always.yaml"
    path.write_text(json.dumps(always))
    name = next(iter(world.pair[0].documents.definition["calendars"]))
    return f"{name}={path}"


def _terms(tenant: str) -> list[object]:
    definitions, agreements = platform.terms(tenant).terms_of(tenant)
    return [one.document for one in definitions] + [one.document for one in agreements]


def _within(secret: Secret, tenant: str, customer: str | None) -> bool:
    """Whether a secret is of the requested tenant, and of the customer if one was requested."""
    return secret.tenant == tenant and (customer is None or secret.customer in ("", customer))


def leaks_by_topic(world: World) -> list[str]:
    """Data of another tenant in a record on any topic."""
    leaks = []
    for name, process in world.driver.platform.services.items():
        for entry in process.log.entries():
            value, tenant = entry.value.decode(), entry.headers["ce_tenant"]
            leaks += [
                f"{name} publishes on {entry.topic} of {tenant}: {secret}"
                for secret in world.secrets
                if secret.tenant != tenant and secret.word in value
            ]
    return leaks
