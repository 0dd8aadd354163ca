"""The desk of otys, in both worlds. Where time moves, it is the simulated one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from casefold.project import PROJECT

from tests.acceptance.otys.people import ADDRESS, EVERYBODY, JOKE, TENANT
from tests.support.real_driver import RealDriver
from tests.support.scenario import Desk
from tests.support.side_by_side import SideBySideDriver, side_by_side

FOLDER = PROJECT / "deploy" / "tenants" / TENANT
MONDAY_MORNING = datetime.fromisoformat("2026-03-02T09:00:00+01:00")


def simulated(start_at: datetime = MONDAY_MORNING) -> AbstractContextManager[SideBySideDriver]:
    """The platform in one process, with otys as its tenant."""
    return side_by_side([FOLDER], start_at)


@pytest.fixture
def world() -> Iterator[SideBySideDriver]:
    """The simulated platform itself, for what people do not do at a desk."""
    with simulated() as driver:
        yield driver


@pytest.fixture
def timed_desk(world: SideBySideDriver) -> Desk:
    """The desk on Monday 2 March 2026 at nine, where time moves as the story says."""
    return Desk(world, ADDRESS, JOKE)


@pytest.fixture
def real_desk(running_driver: RealDriver) -> Iterator[Desk]:
    """The desk of the running platform, where it is whatever time it is."""
    running_driver.know(EVERYBODY)
    with running_driver.scenario():
        yield Desk(running_driver, ADDRESS, JOKE)


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Desk:
    """The desk in either world."""
    name = "timed_desk" if request.param == "simulated" else "real_desk"
    found: Desk = request.getfixturevalue(name)
    return found
