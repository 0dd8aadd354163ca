"""The connections of the `eventsourcing` library to workflow's database."""

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


# The import of the library silences the warnings of the driver in the whole process.
with _levels_restored("psycopg", "psycopg.pool"):
    from eventsourcing.postgres import PostgresDatastore

MAX_READERS = 4
"""The largest number of connections of one replica. The first one is opened by the first read."""
POOL_TIMEOUT = 5.0
"""Seconds that a reader waits for a free connection."""


class LogDatastore(PostgresDatastore):
    """The datastore of the library over the database of a URL, with all settings of the URL.

    Each statement is a transaction of its own, so a reader holds no snapshot between two pages.
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
        """All rows of a statement.

        Raises the errors of `eventsourcing.persistence`: `OperationalError` if the database
        cannot be reached.
        """
        with self.get_connection() as db, db.cursor(binary=True, row_factory=tuple_row) as cursor:
            return cursor.execute(query, values).fetchall()
