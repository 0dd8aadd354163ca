"""A server with the databases of all services, as an operator and the services make them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from case_events.runtime.postgres import migrate
from casefold.databases import FILE, OWN, REQUESTS, DatabaseSettings, create_databases
from casefold.embedded import EmbeddedPostgres
from casefold.embedded.postgres import remove_data
from casefold.topology import TOPOLOGY

from tests.support.real.servers import NOTHING_TO_LOSE

MODULES = {one.database: one.module for one in TOPOLOGY.services if one.database}
SERVICES = list(MODULES)
ASKING = ["intake", "portal"]
"""The services that serve requests of people."""


@dataclass
class DatabaseServer:
    """The server; `url` is that of its superuser."""

    url: str
    folder: Path
    settings: DatabaseSettings

    def own(self, service: str) -> str:
        """The database of a service, with the login that owns it."""
        return self.settings[service][OWN]

    def requests(self, service: str) -> str:
        """The same, with the login of requests."""
        return self.settings[service][REQUESTS]


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseServer]:
    """All databases, each migrated by its owner."""
    folder = tmp_path_factory.mktemp("logins")
    postgres = EmbeddedPostgres(folder / "postgres", settings=NOTHING_TO_LOSE)
    try:
        url = postgres.start()
        settings = create_databases(url, SERVICES, folder / FILE)
        for service, urls in settings.items():
            asyncio.run(migrate(urls[OWN], _migrations(service)))
        yield DatabaseServer(url, folder, settings)
    finally:
        postgres.stop()
        remove_data(folder / "postgres")


def _migrations(service: str) -> Any:
    module = MODULES[service]
    import_module(f"{module}.bootstrap")
    package = "database" if service == "portal" else "adapters"
    folder = files(f"{module}.{package}") / "migrations"
    return folder if folder.is_dir() else None


def at(url: str, database: str) -> str:
    """The URL of another database, with the same login."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def named(url: str, login: str) -> str:
    """The URL of the same database with another login, whose password is `x`."""
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{login}:x@{address}"))


def login_of(url: str) -> str:
    """The login in a URL."""
    return urlsplit(url).username or ""
