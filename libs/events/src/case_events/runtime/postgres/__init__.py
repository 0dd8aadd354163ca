"""The log of a service in PostgreSQL, and connections for the service's own tables."""

from case_events.runtime.postgres.errors import Connections, Pool, connection
from case_events.runtime.postgres.log import PostgresLog
from case_events.runtime.postgres.migrate import migrate
from case_events.runtime.postgres.requests import ROLE as REQUESTS_ROLE
from case_events.runtime.postgres.requests import RequestConnections, RequestPool
from case_events.runtime.postgres.statements import load_statements
from case_events.runtime.postgres.transaction import PostgresTransaction

__all__ = [
    "REQUESTS_ROLE",
    "Connections",
    "Pool",
    "PostgresLog",
    "PostgresTransaction",
    "RequestConnections",
    "RequestPool",
    "connection",
    "load_statements",
    "migrate",
]
