"""What all tests share: the real servers, each started once a run, and how time counts."""

import gc

from hypothesis import settings

from tests.support.real.servers import databases, kafka_bootstrap, postgres_url, server_folder

__all__ = ["databases", "kafka_bootstrap", "postgres_url", "server_folder"]

# How long an example takes says how busy the machine is: thresholds of time are for benchmarks.
settings.register_profile("casefold", deadline=None)
settings.load_profile("casefold")


def pytest_collection_finish() -> None:
    """What is imported and collected stays: the collector of garbage need not look through it
    every time, which saves a tenth of the processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
