"""The quiescence of the running platform, determined exactly from the services' own tables."""

from typing import Any

import psycopg
from psycopg.rows import TupleRow

from tests.support.real.platform import SERVICES, RunningPlatform
from tests.support.world.platform import services

READS = {service.name: service.topics for service in services()}
Place = tuple[str, int, str]
"""Topic, partition, and the source whose log the record came from."""


class Databases:
    """One connection to the database of each service."""

    def __init__(self, platform: RunningPlatform) -> None:
        self._open = {
            name: psycopg.connect(platform.database(name), autocommit=True) for name in SERVICES
        }

    def close(self) -> None:
        """Close the connections."""
        for connection in self._open.values():
            connection.close()

    def rows(self, service: str, statement: str, *values: Any) -> list[TupleRow]:
        """Rows of a service's database."""
        return self._open[service].execute(statement.encode(), values).fetchall()

    def are_quiet(self) -> bool:
        """Whether every service has processed everything that was written, and all effects are
        done.

        The order of reading misses nothing: a record that was written after the first reading of
        the logs appears in the second, and a record that was not processed appears in between.
        """
        if self._work_waiting():
            return False
        taken, written = self._taken(), self._written()
        for name, topics in READS.items():
            for (topic, target_partition, source), last in written.items():
                had = taken[name].get((topic, target_partition, source), 0)
                if topic in topics and had < last:
                    return False
        return not self._work_waiting() and self._written() == written

    def _work_waiting(self) -> bool:
        effects = "SELECT count(*) FROM effects WHERE state <> 'done'"
        asks = "SELECT count(*) FROM reset_asks"
        counted = [self.rows(name, effects) for name in SERVICES] + [self.rows("portal", asks)]
        return any(rows[0][0] for rows in counted)

    def _taken(self) -> dict[str, dict[Place, int]]:
        return {
            name: {
                (topic, partition, source): had
                for topic, partition, source, had in self.rows(
                    name, "SELECT topic, partition, source, notification_id FROM tracking"
                )
            }
            for name in SERVICES
        }

    def _written(self) -> dict[Place, int]:
        return {
            (topic, target_partition, f"{name}/{partition}"): last
            for name in SERVICES
            for topic, target_partition, partition, last in self.rows(
                name,
                "SELECT topic, target_partition, partition, max(sequence) FROM log"
                " GROUP BY topic, target_partition, partition",
            )
        }
