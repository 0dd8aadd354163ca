"""What all tests share: the real servers, each started once a run."""

from tests.support.real.servers import databases, kafka_bootstrap, postgres_url, server_folder

__all__ = ["databases", "kafka_bootstrap", "postgres_url", "server_folder"]
