"""What all tests share: the real servers, each started once a run, and how time counts."""

from hypothesis import settings

from tests.support.real.servers import databases, kafka_bootstrap, postgres_url, server_folder

__all__ = ["databases", "kafka_bootstrap", "postgres_url", "server_folder"]

# How long an example takes says how busy the machine is: thresholds of time are for benchmarks.
settings.register_profile("casefold", deadline=None)
settings.load_profile("casefold")
