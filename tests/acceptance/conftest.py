"""The worlds in which the stories of a tenant are played.

A story that takes a `desk` plays in the simulated world; its main path, marked `main_path`, on
the running platform too. CASEFOLD_STORIES=all plays all of them there.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk.scenario import Desk
from tests.support.desk.tenancy import Tenancy
from tests.support.driver.real import RealDriver
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.real.platform import RunningPlatform, running

REAL = pytest.param("real", marks=pytest.mark.real)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "main_path: a story that the running platform tells too")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "desk" in metafunc.fixturenames:
        everywhere = os.environ.get("CASEFOLD_STORIES") == "all"
        everywhere_too = everywhere or any(metafunc.definition.iter_markers("main_path"))
        metafunc.parametrize(
            "desk", ["simulated", REAL] if everywhere_too else ["simulated"], indirect=True
        )


@pytest.fixture(scope="session")
def running_platform() -> Iterator[RunningPlatform]:
    """The whole platform, started once a run."""
    with (
        tempfile.TemporaryDirectory(prefix="casefold-stories-") as folder,
        running(Path(folder)) as platform,
    ):
        yield platform


@pytest.fixture(scope="session")
def running_driver(running_platform: RunningPlatform) -> Iterator[RealDriver]:
    """The one driver of the running platform, with no accounts yet."""
    driver = RealDriver(running_platform)
    yield driver
    driver.close()


@pytest.fixture
def world(tenancy: Tenancy) -> Iterator[SideBySideDriver]:
    """The simulated platform itself, for what people do not do at a desk."""
    with tenancy.simulated() as driver:
        yield driver


@pytest.fixture
def timed_desk(world: SideBySideDriver, tenancy: Tenancy) -> Desk:
    """The desk on Monday 2 March 2026 at nine, where time moves as the story says."""
    return tenancy.desk(world)


@pytest.fixture
def real_desk(running_driver: RealDriver, tenancy: Tenancy) -> Iterator[Desk]:
    """The desk of the running platform, where it is whatever time it is."""
    running_driver.know(tenancy.everybody)
    with running_driver.scenario():
        yield tenancy.desk(running_driver)


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Desk:
    """The desk in either world."""
    name = "timed_desk" if request.param == "simulated" else "real_desk"
    found: Desk = request.getfixturevalue(name)
    return found
