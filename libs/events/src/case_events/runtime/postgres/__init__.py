"""The log of a service in PostgreSQL."""

from case_events.runtime.postgres.log import PostgresLog
from case_events.runtime.postgres.migrate import migrate
from case_events.runtime.postgres.transaction import PostgresTransaction

__all__ = ["PostgresLog", "PostgresTransaction", "migrate"]
