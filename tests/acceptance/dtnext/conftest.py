"""The desk of dtnext, in both worlds. Where a story moves time, it plays in the simulated one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from casefold.project import PROJECT

from tests.acceptance.dtnext.people import ADDRESS, EVERYBODY, HENDRIK, TENANT
from tests.support.published import reference_of
from tests.support.real_driver import RealDriver
from tests.support.scenario import Desk
from tests.support.simulated_driver import SimulatedDriver

FOLDER = PROJECT / "deploy" / "tenants" / TENANT
MONDAY_MORNING = datetime.fromisoformat("2026-03-02T09:00:00+01:00")


@contextmanager
def simulated(start_at: datetime = MONDAY_MORNING, seed: int = 7) -> Iterator[SimulatedDriver]:
    """The platform in one process, with dtnext as its tenant."""
    with SimulatedDriver(reference_of(FOLDER), start_at, seed) as driver:
        yield driver


@pytest.fixture
def world() -> Iterator[SimulatedDriver]:
    """The simulated platform itself, for stories that break it."""
    with simulated() as driver:
        yield driver


@pytest.fixture
def timed_desk(world: SimulatedDriver) -> Desk:
    """The desk on Monday 2 March 2026 at nine, where time moves as the story says."""
    return Desk(world, ADDRESS, HENDRIK)


@pytest.fixture
def real_desk(running_driver: RealDriver) -> Iterator[Desk]:
    """The desk of the running platform, where it is whatever time it is."""
    running_driver.know(EVERYBODY)
    with running_driver.scenario():
        yield Desk(running_driver, ADDRESS, HENDRIK)


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Desk:
    """The desk in either world."""
    name = "timed_desk" if request.param == "simulated" else "real_desk"
    found: Desk = request.getfixturevalue(name)
    return found
