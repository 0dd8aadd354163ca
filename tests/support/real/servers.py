"""Real Kafka and PostgreSQL for tests, started once for a run.

The servers are those that KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name; otherwise the official
images if a Docker engine answers; otherwise the embedded ones.
"""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from case_events.runtime.postgres import REQUESTS_ROLE
from casefold.databases import LOGINS
from casefold.databases import REQUESTS as REQUESTS_SETTING
from casefold.embedded import EmbeddedKafka, EmbeddedPostgres
from casefold.embedded.postgres import remove_data
from casefold.ports import free_port
from casefold.project import JAR_CACHE, TOPICS_FILE
from casefold.servers import DATABASE_SETTING, KAFKA_SETTING
from casefold.topics import TopicSettings, apply_topics, read_topics
from psycopg import sql

KAFKA_IMAGE = "apache/kafka:4.3.1"
POSTGRES_IMAGE = "postgres:18"
TEST_PARTITIONS = 4
NOTHING_TO_LOSE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""For a server whose data ends with the run, and whose crash no test is about."""

KAFKA_IMAGE_SETTINGS = {
    "KAFKA_NODE_ID": "1",
    "KAFKA_PROCESS_ROLES": "broker,controller",
    "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
    "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "KAFKA_MESSAGE_MAX_BYTES": "33554432",
}

REQUESTS = LOGINS[REQUESTS_SETTING]
Migrate = Callable[[str], None]


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder for the servers' data, deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="casefold-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def kafka_bootstrap(server_folder: Path) -> Iterator[str]:
    """The bootstrap address of a Kafka for this run."""
    given = os.environ.get(KAFKA_SETTING)
    if given:
        yield given
    elif docker_answers():
        yield from _kafka_container()
    else:
        kafka = EmbeddedKafka(server_folder / "kafka", cache=JAR_CACHE)
        try:
            yield kafka.start()
        finally:
            kafka.stop()


@pytest.fixture(scope="session")
def postgres_url(server_folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL for this run, as a user that may create databases."""
    given = os.environ.get(DATABASE_SETTING)
    if given:
        yield given
    elif docker_answers():
        yield from _postgres_container()
    else:
        postgres = EmbeddedPostgres(server_folder / "postgres", settings=NOTHING_TO_LOSE)
        try:
            yield postgres.start()
        finally:
            postgres.stop()
            remove_data(server_folder / "postgres")


@pytest.fixture(scope="session")
def databases(postgres_url: str) -> Iterator["Databases"]:
    """Makes databases. They end with their server, or are dropped at the end of the run on a given
    server."""
    made = Databases(postgres_url)
    yield made
    if os.environ.get(DATABASE_SETTING):
        made.drop_all()


def of_requests(url: str) -> str:
    """The URL of a database of `Databases` with the login of its requests."""
    parts = urlsplit(url)
    login, _, rest = parts.netloc.partition(":")
    return urlunsplit(parts._replace(netloc=f"{login}{REQUESTS}:{rest}"))


@dataclass
class Databases:
    """Databases for tests, each a copy of a template that is migrated once for a run.

    Their URLs are those of the login that owns them, as a service has it.
    `fresh` takes the milliseconds of a file copy, whatever the migrations cost.
    """

    server_url: str
    _owner: str = ""
    _templates: dict[Migrate, str] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)

    def fresh(self, migrate: Migrate | None = None) -> str:
        """The URL of a new database: empty, or as `migrate(url)` left the template.

        `migrate` must close its connections; it is called once for each function.
        """
        if migrate is None:
            return self._create("template0")
        if migrate not in self._templates:
            template = self._create("template0")
            migrate(template)
            self._templates[migrate] = template.rpartition("/")[2]
        return self._create(self._templates[migrate])

    def drop_all(self) -> None:
        """Drop every database that was made, whoever is still connected."""
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            for name in self._names:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(name)))
            if self._owner:
                login = urlsplit(self._owner).username or ""
                for name in (login + REQUESTS, login):
                    connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))

    def _create(self, template: str) -> str:
        self._make_logins()
        name, owner = f"test_{secrets.token_hex(6)}", urlsplit(self._owner).username or ""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        names = [sql.Identifier(part) for part in (name, template, owner)]
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(create.format(*names))
        self._names.append(name)
        return urlunsplit(urlsplit(self._owner)._replace(path=f"/{name}"))

    def _make_logins(self) -> None:
        """Make the two logins of all databases of this run, as `casefold database create` makes
        those of each service. They have the same password."""
        if self._owner:
            return
        server, login, password = urlsplit(self.server_url), f"test_{secrets.token_hex(6)}", "test"
        made = {login: "", login + REQUESTS: REQUESTS_ROLE}
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            with suppress(psycopg.errors.DuplicateObject):
                connection.execute(f"CREATE ROLE {REQUESTS_ROLE} NOLOGIN NOBYPASSRLS".encode())
            for name, role in made.items():
                connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'".encode())
                if role:
                    grant = f"GRANT {role} TO {name} WITH INHERIT TRUE, SET FALSE"
                    connection.execute(grant.encode())
        address = server.netloc.rpartition("@")[2]
        self._owner = urlunsplit(server._replace(netloc=f"{login}:{password}@{address}"))


def unique_prefix() -> str:
    """A prefix for topics and groups that no other test has."""
    return f"t{secrets.token_hex(5)}."


async def fresh_topics(
    bootstrap: str, names: Sequence[str] = (), partitions: int = TEST_PARTITIONS
) -> str:
    """Create the platform's topics (all, or those named) under a new prefix; returns it."""
    prefix = unique_prefix()
    topics = [
        TopicSettings(prefix + topic.name, topic.partitions, topic.replication, topic.settings)
        for topic in read_topics(TOPICS_FILE, partitions, replication=1)
        if not names or topic.name in names
    ]
    await apply_topics(bootstrap, topics)
    return prefix


def make_topics(bootstrap: str, names: Sequence[str] = ()) -> str:
    """`fresh_topics` for tests without a loop."""
    return asyncio.run(fresh_topics(bootstrap, names))


@cache
def docker_answers() -> bool:
    """Whether a Docker engine can be reached."""
    import docker  # type: ignore[import-untyped]
    from docker.errors import DockerException  # type: ignore[import-untyped]

    try:
        docker.from_env(timeout=3).ping()
    except (DockerException, OSError):
        return False
    return True


# The two functions below have not been run: no Docker engine was available when they were written.


def _kafka_container() -> Iterator[str]:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    # Kafka announces its own address to its clients, so the port on this side is chosen before.
    port = free_port()
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port)
    settings = KAFKA_IMAGE_SETTINGS | {
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://localhost:{port}"
    }
    for name, value in settings.items():
        container = container.with_env(name, value)
    started = LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(60)
    with container.waiting_for(started):
        yield f"localhost:{port}"


def _postgres_container() -> Iterator[str]:
    from testcontainers.community.postgres import PostgresContainer

    with PostgresContainer(POSTGRES_IMAGE, driver=None) as postgres:
        yield postgres.get_connection_url()
