"""Kafka and PostgreSQL of the platform: embedded servers, or servers that the environment names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from casefold import topology
from casefold.embedded import EmbeddedKafka, EmbeddedPostgres
from casefold.ports import LOOPBACK

KAFKA_SETTING = "KAFKA_BOOTSTRAP_SERVERS"
DATABASE_SETTING = "DATABASE_URL"

Report = Callable[[str], None]


@dataclass(frozen=True)
class Servers:
    """The embedded servers; None for a server that the environment names."""

    kafka: EmbeddedKafka | None
    postgres: EmbeddedPostgres | None


@dataclass(frozen=True)
class Addresses:
    """The addresses of Kafka and PostgreSQL."""

    kafka: str
    database_url: str


def choose(data: Path, jar_cache: Path, environment: Mapping[str, str]) -> Servers:
    """The servers to embed, with their data in `data`."""
    return Servers(
        kafka=None
        if environment.get(KAFKA_SETTING)
        else EmbeddedKafka(data / "kafka", topology.KAFKA.number(environment), cache=jar_cache),
        postgres=None
        if environment.get(DATABASE_SETTING)
        else EmbeddedPostgres(data / "postgres", topology.POSTGRES.number(environment)),
    )


def begin(servers: Servers, report: Report) -> None:
    """Start the processes of the embedded servers, without waiting until they accept clients."""

    def report_download(there: int, wanted: int) -> None:
        if there == wanted or there % 10 == 0:
            report(f"Kafka's jars: {there} of {wanted}")

    if servers.kafka:
        servers.kafka.begin(report_download)
    if servers.postgres:
        servers.postgres.begin()


def wait_until_ready(servers: Servers, environment: Mapping[str, str], report: Report) -> Addresses:
    """Wait until the embedded servers accept clients; returns the addresses of both servers."""
    if servers.postgres:
        servers.postgres.wait_until_ready()
        report("PostgreSQL serves")
    if servers.kafka:
        servers.kafka.wait_until_ready()
        report("Kafka serves")
    return Addresses(
        servers.kafka.bootstrap if servers.kafka else environment[KAFKA_SETTING],
        servers.postgres.url if servers.postgres else environment[DATABASE_SETTING],
    )


def server_address(environment: Mapping[str, str]) -> str:
    """The URL of the PostgreSQL of the platform, to find its address by.

    Raises `TopologyError` if a port is invalid.
    """
    given = environment.get(DATABASE_SETTING)
    return given or f"postgresql://{LOOPBACK}:{topology.POSTGRES.number(environment)}/postgres"
