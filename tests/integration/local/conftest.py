"""The servers of this run."""

from tests.support.real.servers import databases, kafka_bootstrap, postgres_url, server_folder

__all__ = ["databases", "kafka_bootstrap", "postgres_url", "server_folder"]
