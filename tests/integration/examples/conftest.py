"""The servers of this run."""

from tests.support.real.servers import kafka_bootstrap, server_folder

__all__ = ["kafka_bootstrap", "server_folder"]
