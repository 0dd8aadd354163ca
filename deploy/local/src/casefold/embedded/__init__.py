"""Real Apache Kafka and PostgreSQL, started from packages, without Docker and without root."""

from casefold.embedded.kafka import EmbeddedKafka
from casefold.embedded.postgres import EmbeddedPostgres

__all__ = ["EmbeddedKafka", "EmbeddedPostgres"]
