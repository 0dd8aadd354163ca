"""What all tests share: the real servers, each started once a run, and how time counts."""

from hypothesis import settings

from tests.support.real.servers import databases, kafka_bootstrap, postgres_url, server_folder

__all__ = ["databases", "kafka_bootstrap", "postgres_url", "server_folder"]

# A busy machine is slow, and no example fails for that.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
