"""The worlds in which the stories of a tenant are played."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.real_driver import RealDriver
from tests.support.running import RunningPlatform, running


@pytest.fixture(scope="session")
def running_platform() -> Iterator[RunningPlatform]:
    """The whole platform, started once a run."""
    with (
        tempfile.TemporaryDirectory(prefix="casefold-stories-") as folder,
        running(Path(folder)) as platform,
    ):
        yield platform


@pytest.fixture(scope="session")
def real_drivers(running_platform: RunningPlatform) -> Iterator[RealDriver]:
    """The one driver of the running platform, with no accounts yet."""
    driver = RealDriver(running_platform)
    yield driver
    driver.close()
