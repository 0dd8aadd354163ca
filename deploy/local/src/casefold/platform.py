"""Runs the whole platform on one machine, for `casefold up` and `make run`."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
from aiokafka.errors import KafkaError
from case_events.keyring import SECRET_SETTING, BadKey, keyring_of
from case_events.wire.codec import Codec

from casefold import process, servers
from casefold import topology as topologies
from casefold.databases import FILE, OWN, DatabaseSettings, OtherOwner, create_databases
from casefold.embedded.jars import JarError
from casefold.embedded.kafka import KafkaStartError
from casefold.embedded.postgres import PostgresStartError
from casefold.keys import keys_of, made_in, of_service
from casefold.ports import LOOPBACK, is_taken
from casefold.project import DATA, JAR_CACHE, PROJECT, TOPICS_FILE
from casefold.publishing import PublishingError
from casefold.sample_tenants import SampleTenants
from casefold.samples import Sample, make_accounts, read_sample
from casefold.supervisor import ServerPart, ServicePart, Supervisor, service_part, stop_together
from casefold.topics import TopicError, apply_topics, read_topics
from casefold.topology import Port, ServiceProcess, Topology

READY_TIMEOUT = 90.0
SERVICES_STOP_TIMEOUT = 4.0
KAFKA_STOP_TIMEOUT = 3.0
POSTGRES_STOP_TIMEOUT = 2.0
PREDECESSOR_TIMEOUT = 12.0
DEATHS_TO_GIVE_UP = 3
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NO_SERVERS = servers.Servers(None, None)


class Stopped(BaseException):
    """A signal asked the platform to stop. The handler raises it in the main thread."""


class PlatformError(Exception):
    """The platform cannot start; the message says what to do."""


EXPECTED_ERRORS = (
    PlatformError,
    topologies.TopologyError,
    KafkaStartError,
    PostgresStartError,
    JarError,
    TopicError,
    PublishingError,
    OtherOwner,
    process.FolderInUseError,
    KafkaError,
    psycopg.Error,
)


def print_line(line: str) -> None:
    """Print one line of progress at once."""
    # Without a terminal nobody reads the line, and an orderly stop matters more.
    with suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@dataclass
class Platform:
    """One run of the platform in the data folder `data`."""

    topology: Topology = topologies.TOPOLOGY
    data: Path = DATA
    sample: Sample = field(default_factory=read_sample)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    write: Callable[[str], None] = print_line
    services: list[ServicePart] = field(default_factory=list)
    _servers: servers.Servers = NO_SERVERS
    _claim: IO[str] | None = None
    _began: float = 0.0
    _databases: DatabaseSettings = field(default_factory=dict)

    def report(self, line: str) -> None:
        """Show a line with the seconds since the start."""
        self.write(f"[{time.monotonic() - self._began:5.1f} s] {line}")

    def run(self) -> None:
        """Start everything, keep it running until a signal asks to stop, and stop everything.

        Call it in the main thread: it takes SIGINT, SIGTERM and SIGHUP. Raises one of
        EXPECTED_ERRORS, after stopping what was started.
        """
        self._began = time.monotonic()
        for number in STOP_SIGNALS:
            signal.signal(number, _raise_stopped)
        try:
            self._claim = _claim(self.data, self.report)
            supervisor = Supervisor(self.report)
            self._start(supervisor)
            self._wait_until_ready(supervisor)
            self._make_accounts()
            self.write(welcome(self.sample, self.environment, self.data))
            supervisor.watch()
        except Stopped:
            self.report("stopping")
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self._stop()

    def _start(self, supervisor: Supervisor) -> None:
        self._servers = servers.choose(self.data, JAR_CACHE, self.environment)
        self._end_leftovers()
        self._check_ports()
        self._check_secret()
        self.report("starting PostgreSQL and Kafka (the first time, Kafka's jars are downloaded)")
        servers.begin(self._servers, self.report)
        folders = sorted(PROJECT.glob(self.topology.tenants)) if self.topology.tenants else []
        with SampleTenants(folders) as tenants:
            addresses = servers.wait_until_ready(self._servers, self.environment, self.report)
            settings = self._start_services(addresses, supervisor)
            tenants.publish(addresses.kafka, Codec(keys_of(settings)), self.report)

    def _start_services(
        self, addresses: servers.Addresses, supervisor: Supervisor
    ) -> Mapping[str, str]:
        """Create missing topics and databases, and start the services; returns their settings."""
        count = topologies.partitions(self.environment)
        copies = topologies.count_setting("CASEFOLD_REPLICATION", self.environment) or 1
        asyncio.run(apply_topics(addresses.kafka, read_topics(TOPICS_FILE, count, copies)))
        names = [service.database for service in self.topology.services if service.database]
        self._databases = create_databases(addresses.database_url, names, self.data / FILE)
        self.report("the topics and databases are there")
        if self._servers.postgres:
            supervisor.add(ServerPart("PostgreSQL", self._servers.postgres))
        if self._servers.kafka:
            supervisor.add(ServerPart("Kafka", self._servers.kafka))
        settings = self._settings(addresses)
        for service in self.topology.services:
            self._start_service(service, settings, supervisor)
        return settings

    def _start_service(
        self, service: ServiceProcess, settings: Mapping[str, str], supervisor: Supervisor
    ) -> None:
        own = dict(settings)
        own["CASEFOLD_HTTP_PORT"] = str(service.port.number(self.environment))
        if service.database:
            own |= self._databases[service.database]
        own |= of_service(service.name, settings)
        command = [sys.executable, "-m", service.module]
        part = service_part(service.name, command, own, (self.data, PROJECT))
        part.start()
        self.services.append(part)
        supervisor.add(part)

    def _settings(self, addresses: servers.Addresses) -> dict[str, str]:
        relay = f"{LOOPBACK}:{topologies.SINK_SMTP.number(self.environment)}"
        defaults = {
            "CASEFOLD_SMTP_RELAY": relay,
            "CASEFOLD_SMTP_PORT": str(topologies.SMTP.default),
            "CASEFOLD_SINK_SMTP_PORT": str(topologies.SINK_SMTP.default),
            "CASEFOLD_PORTAL_URL": topologies.url(topologies.PORTAL, self.environment),
            "CASEFOLD_BLOBS": str(self.data / "blobs"),
            "CASEFOLD_SINK": str(self.data / "sink"),
            "CASEFOLD_PARTITIONS": str(topologies.partitions(self.environment)),
        } | made_in(self.data)
        settings = defaults | dict(self.environment) | {"CASEFOLD_KAFKA": addresses.kafka}
        settings.pop(servers.DATABASE_SETTING, None)  # no service gets the administrator's login
        return settings

    def _make_accounts(self) -> None:
        if any(service.module == "case_portal" for service in self.topology.services):
            make_accounts(self._databases["portal"][OWN], self.sample)

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        waiting = list(self.services)
        deadline = time.monotonic() + READY_TIMEOUT
        while waiting:
            time.sleep(0.1)
            supervisor.look()
            for part in [part for part in waiting if part.ready()]:
                waiting.remove(part)
                self.report(f"{part.name} is ready")
            late = time.monotonic() > deadline
            for part in waiting:
                if late or supervisor.deaths(part) >= DEATHS_TO_GIVE_UP:
                    why = "is not ready" if late else "keeps dying"
                    raise PlatformError(
                        f"{part.name} {why}. The end of {part.program.log}:\n{part.last_lines()}"
                    )

    def _end_leftovers(self) -> None:
        for pid_file in sorted((self.data / "run").glob("*.pid")):
            if process.end_leftover(pid_file, signal.SIGTERM, SERVICES_STOP_TIMEOUT):
                self.report(f"stopped {pid_file.stem}, left behind by an earlier run")
        for server in (self._servers.kafka, self._servers.postgres):
            if server is not None:
                server.end_leftover()

    def _check_secret(self) -> None:
        given = self.environment.get(SECRET_SETTING)
        if given is not None:
            try:
                keyring_of(given)
            except BadKey as error:
                raise PlatformError(str(error)) from error

    def _check_ports(self) -> None:
        skipped: set[Port] = set()
        if self._servers.kafka is None:
            skipped.add(topologies.KAFKA)
        if self._servers.postgres is None:
            skipped.add(topologies.POSTGRES)
        numbers = {port: port.number(self.environment) for port in self.topology.ports}
        taken = [
            f"port {number}, for {port.what}, is taken: set {port.setting} to another"
            for port, number in numbers.items()
            if port not in skipped and is_taken(number)
        ]
        if taken:
            raise PlatformError("\n".join(taken))

    def _stop(self) -> None:
        if self._claim is None:
            return
        self._claim.write(", which is stopping")
        self._claim.flush()
        stop_together(self.services, SERVICES_STOP_TIMEOUT)
        if self._servers.kafka:
            self._servers.kafka.stop(KAFKA_STOP_TIMEOUT)
        if self._servers.postgres:
            self._servers.postgres.stop(POSTGRES_STOP_TIMEOUT)
        self._claim.close()
        self.report("stopped; nothing is lost")


def welcome(sample: Sample, environment: Mapping[str, str], data: Path) -> str:
    """The text with the addresses of the platform and the sample accounts."""
    smtp = topologies.SMTP.number(environment)
    logins = [
        f"    {login.account.kind:<8} {login.account.user:<28} {login.password:<20}"
        f" at {login.account.tenant}"
        for login in sample.logins
    ]
    return "\n".join(
        [
            "",
            f"  The portal         {topologies.url(topologies.PORTAL, environment)}",
            f"  Mail that was sent {topologies.url(topologies.SINK_WEB, environment)}",
            f"  Send mail to       {sample.mail_to}, by SMTP to {LOOPBACK} port {smtp},",
            f"                     from {sample.mail_from} (others get an answer, and no case)",
            f"  Logs               {data / 'logs'}",
            "  Log in as",
            *logins,
            "  Stop with Ctrl-C. See a story told with `make demo` in another terminal.",
            "",
        ]
    )


def _raise_stopped(_number: int, _frame: object) -> None:
    for number in STOP_SIGNALS:  # a second signal does not interrupt the stop
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def _claim(data: Path, report: Callable[[str], None]) -> IO[str]:
    """Lock the data folder. Waits for an earlier run that is stopping.

    Raises `PlatformError` if another run uses the folder.
    """
    deadline = time.monotonic() + PREDECESSOR_TIMEOUT
    reported = False
    while True:
        try:
            return process.claim(data)
        except process.FolderInUseError as error:
            stopping = "stopping" in str(error)
            if time.monotonic() > deadline or (reported and not stopping):
                raise PlatformError(f"the platform runs already: {error}") from None
            if not reported:
                report("waiting for an earlier run to stop")
            reported = True
            time.sleep(0.5)
