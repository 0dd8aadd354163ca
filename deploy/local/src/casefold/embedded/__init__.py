"""Apache Kafka and PostgreSQL from packages, started without Docker and without root."""

from casefold.embedded.kafka import EmbeddedKafka
from casefold.embedded.postgres import EmbeddedPostgres

__all__ = ["EmbeddedKafka", "EmbeddedPostgres"]
