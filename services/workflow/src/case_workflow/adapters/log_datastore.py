"""The connections over which the `eventsourcing` library reads workflow's database."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

from psycopg.rows import dict_row, tuple_row


@contextmanager
def _levels_restored(*names: str) -> Iterator[None]:
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


# The library silences the driver's warnings for the whole process when it is imported.
with _levels_restored("psycopg", "psycopg.pool"):
    from eventsourcing.postgres import PostgresDatastore

MAX_READERS = 4
"""Connections at most, of one replica. There is none before somebody reads."""
POOL_TIMEOUT = 5.0
"""Seconds that a reader waits for a connection."""


class LogDatastore(PostgresDatastore):
    """The library's datastore over the database that a URL names, with all that the URL says.

    Each statement is a transaction of its own, so no reader holds a snapshot between two pages.
    """

    def __init__(self, url: str) -> None:
        super().__init__(
            dbname="",
            host="",
            port="",
            user="",
            password="",
            pool_size=0,
            max_overflow=MAX_READERS,
            connect_timeout=POOL_TIMEOUT,
        )
        self.pool.conninfo = url
        self.pool.kwargs = {"row_factory": dict_row, "application_name": "history"}

    def rows(self, query: LiteralString, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All rows that a statement selects.

        Raises the errors of `eventsourcing.persistence`: `OperationalError` where the database
        cannot be reached.
        """
        with self.get_connection() as db, db.cursor(binary=True, row_factory=tuple_row) as cursor:
            return cursor.execute(query, values).fetchall()
