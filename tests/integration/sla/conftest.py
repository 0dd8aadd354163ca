"""A PostgreSQL for workflow's histories."""

from tests.support.real.servers import databases, postgres_url, server_folder

__all__ = ["databases", "postgres_url", "server_folder"]
