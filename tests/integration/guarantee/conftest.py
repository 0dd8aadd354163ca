"""One running platform for all these tests, whose services they break and mend."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.integration.guarantee.breaking import Breaking
from tests.integration.guarantee.collector import Collector, collecting
from tests.support.real.platform import RunningPlatform

SESSION_TIMEOUT = 3
"""Seconds after which the partitions of a killed replica go to the next; tests wait for it."""


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where all services send their spans."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="session")
def servers(collector: Collector) -> Iterator[RunningPlatform]:
    """The platform, started once a run."""
    settings = {
        "CASEFOLD_SESSION_TIMEOUT": str(SESSION_TIMEOUT),
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
    }
    with TemporaryDirectory(prefix="casefold-guarantee-", ignore_cleanup_errors=True) as folder:
        platform = RunningPlatform(Path(folder), settings=settings)
        try:
            platform.start()
            yield platform
        finally:
            platform.stop()


@pytest.fixture
def breaking(servers: RunningPlatform) -> Breaking:
    """The platform as the test before left it: mend it, or plant faults, before all else."""
    return Breaking(servers)


@pytest.fixture
def platform(breaking: Breaking) -> RunningPlatform:
    """The platform in good health."""
    breaking.mend()
    return breaking.platform
