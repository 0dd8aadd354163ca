"""The server with the databases of all services, started once."""

from tests.integration.local.database_server import server

__all__ = ["server"]
