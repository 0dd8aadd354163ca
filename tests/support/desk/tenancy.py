"""A tenant's desk in both worlds, on which its stories are played."""

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from casefold.project import PROJECT
from msgspec import Struct

from tests.support.desk.scenario import Desk, Driver
from tests.support.desk.values import Person
from tests.support.driver.several_tenants import SideBySideDriver, side_by_side

MONDAY_MORNING = datetime.fromisoformat("2026-03-02T09:00:00+01:00")


class Tenancy(Struct, frozen=True):
    """A tenant, its mail addresses, and its people. Stories read as `auditor`."""

    name: str
    address: str
    everybody: tuple[Person, ...]
    auditor: Person

    @property
    def folder(self) -> Path:
        """The folder of its definition."""
        return PROJECT / "deploy" / "tenants" / self.name

    def simulated(
        self, start_at: datetime = MONDAY_MORNING, seed: int = 7
    ) -> AbstractContextManager[SideBySideDriver]:
        """The platform in one process, with this as its tenant."""
        return side_by_side([self.folder], start_at, seed)

    def desk(self, world: Driver) -> Desk:
        """The desk of the tenant in a world."""
        return Desk(world, self.address, self.auditor)
