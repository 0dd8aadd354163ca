"""The running platform for tests: five real processes on real Kafka and PostgreSQL.

It is started once for a run (`platform`), or by a test that kills and breaks things
(`RunningPlatform`). Every process can be killed, stopped, continued and started again.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psycopg
from case_events.testing.keys import SECRET
from case_events.tokens.tools import bearer
from casefold import process
from casefold.databases import FILE, OWN, DatabaseSettings, create_databases
from casefold.embedded import EmbeddedKafka, EmbeddedPostgres
from casefold.embedded.postgres import remove_data
from casefold.ports import free_port
from casefold.project import JAR_CACHE, PROJECT, TOPICS_FILE
from casefold.publishing import entries_of, read_tenant, send, terms_of
from casefold.samples import make_accounts, read_sample
from casefold.topics import apply_topics, read_topics

from tests.support.real.passwords import quickly_hashed
from tests.support.real.service_processes import ServiceProcess, import_services, start_service
from tests.support.wire import SETTINGS as KEY_SETTINGS
from tests.support.wire import codec

SERVICES = ("intake", "workflow", "sla", "notify", "portal")
PARTITIONS = 4
BUSY_FACTOR = 6
"""A wait for what will happen may take so many times as long as on a quiet machine. Only a test
that fails waits so long."""


@dataclass
class RunningPlatform:
    """Servers, five services and the mail sink. `modules` replaces the module that a service
    runs."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    modules: dict[str, Sequence[str]] = field(default_factory=dict)
    processes: dict[str, ServiceProcess] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    databases: DatabaseSettings = field(default_factory=dict)
    long_running: bool = False
    """Whether Kafka is configured for speed over hours, instead of a quick start."""

    def __post_init__(self) -> None:
        self.kafka = EmbeddedKafka(
            self.folder / "kafka", cache=JAR_CACHE, long_running=self.long_running
        )
        self.postgres = EmbeddedPostgres(self.folder / "postgres")
        names = (*SERVICES, "sink", "smtp", "sink_smtp")
        self.ports = {name: free_port() for name in names}

    def start(self, tenants: Sequence[Path] = ()) -> None:
        """Start everything, publish the tenants (default: all sample tenants), and wait until it is
        ready."""
        import_services()
        self.kafka.begin()
        self.postgres.start()
        self.databases = self.create_databases(*SERVICES)
        self.kafka.wait_until_ready()
        asyncio.run(
            apply_topics(self.kafka.bootstrap, read_topics(TOPICS_FILE, PARTITIONS, replication=1))
        )
        folders = tenants or sorted((PROJECT / "deploy" / "tenants").glob("*/"))
        documents = [read_tenant(folder) for folder in folders]
        people = [entry for one in documents for entry in entries_of(one)]
        terms = [published for one in documents for published in terms_of(one)]
        send([*people, *terms], self.kafka.bootstrap, codec)
        for name in ("sink", *SERVICES):
            self.begin(name)
        for name in ("sink", *SERVICES):
            self.wait_until_ready(name)
        with quickly_hashed():
            make_accounts(self.database("portal"), read_sample())

    def stop(self) -> None:
        """Stop everything, and delete the data."""
        for running in self.processes.values():
            running.send_signal(signal.SIGCONT)
        for running in self.processes.values():
            process.end(running, signal.SIGTERM, 5)
        self.kafka.stop()
        self.postgres.stop()
        remove_data(self.folder / "postgres")

    def begin(self, name: str) -> None:
        """Start the process of a service, without waiting for it."""
        command = self.modules.get(name, ["casefold.sink" if name == "sink" else f"case_{name}"])
        log, environment = self.folder / f"{name}.log", self.environment(name)
        self.processes[name] = start_service(command, log, environment)

    def kill(self, name: str) -> None:
        """SIGKILL a service."""
        process.kill(self.processes[name])

    def pause(self, name: str) -> None:
        """SIGSTOP a service: its process exists, and does nothing."""
        self.processes[name].send_signal(signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """SIGCONT a service."""
        self.processes[name].send_signal(signal.SIGCONT)

    def log(self, name: str) -> str:
        """The log of a service."""
        return (self.folder / f"{name}.log").read_text()

    def environment(self, name: str) -> dict[str, str]:
        """The settings of a service, as `casefold up` gives them."""
        return (
            os.environ
            | {
                "CASEFOLD_KAFKA": self.kafka.bootstrap,
                "CASEFOLD_PARTITIONS": str(PARTITIONS),
                "CASEFOLD_BLOBS": str(self.folder / "blobs"),
                "CASEFOLD_HTTP_PORT": str(self.ports.get(name, 0)),
                "CASEFOLD_SMTP_PORT": str(self.ports["smtp"]),
                "CASEFOLD_SMTP_RELAY": f"127.0.0.1:{self.ports['sink_smtp']}",
                "CASEFOLD_SINK": str(self.folder / "sink"),
                "CASEFOLD_SINK_SMTP_PORT": str(self.ports["sink_smtp"]),
                "CASEFOLD_PORTAL_URL": self.url("portal"),
                "CASEFOLD_WORKFLOW_URL": self.url("workflow"),
                **{f"CASEFOLD_{name.upper()}_PORT": str(self.ports[name]) for name in SERVICES},
            }
            | self.databases.get(name, {})
            | KEY_SETTINGS
            | self.settings
        )

    def database(self, name: str) -> str:
        """The URL of a service's own database, with the login that owns it."""
        return self.databases[name][OWN]

    def create_databases(self, *services: str) -> DatabaseSettings:
        """Make databases with their logins."""
        return create_databases(self.postgres.url, services, self.folder / FILE)

    def url(self, name: str, path: str = "") -> str:
        """The URL of a service's HTTP port."""
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def wait_until_ready(self, name: str, timeout: float = 60) -> None:
        """Wait until a service says that it is ready."""

        def ready() -> bool:
            exit_code = self.processes[name].poll()
            assert exit_code is None, f"{name} ended with {exit_code}: {self.log(name)[-3000:]}"
            try:
                with urlopen(self.url(name, "/health/ready"), timeout=5):
                    return True
            except (URLError, OSError):
                return False

        eventually(ready, timeout, f"{name} is ready")

    def command(self, *arguments: str, settings: Mapping[str, str] = MappingProxyType({})) -> str:
        """Run `casefold` as a person would, against this platform. Returns its output."""
        done = subprocess.run(
            [sys.executable, "-m", "casefold.command", *arguments],
            env=self.environment("") | dict(settings), cwd=PROJECT, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"casefold {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        """The mails in the sink, newest first."""
        with urlopen(
            self.url("sink", f"/api/mails?limit=100000&to={quote(to)}"), timeout=60
        ) as got:
            mails: list[dict[str, Any]] = json.load(got)
        return mails

    def history(self, reference: str) -> list[dict[str, Any]]:
        """The history of a case; empty while the case does not exist."""
        try:
            with urlopen(self.of_tools(f"/history/{reference}"), timeout=60) as got:
                events: list[dict[str, Any]] = json.load(got)["events"]
        except URLError:
            return []
        return events

    def of_tools(self, path: str) -> Request:
        """A request of a platform's tool to workflow."""
        return Request(self.url("workflow", path), headers=bearer(SECRET, "tool"))

    def query(self, service: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a service's database."""
        with psycopg.connect(self.database(service), autocommit=True) as connection:
            return connection.execute(statement.encode(), values).fetchall()


def eventually(happened: Callable[[], Any], timeout: float, what: str) -> Any:
    """Wait until something has happened, and return it; fail with `what`.

    `timeout` is in seconds of a quiet machine; a busy one has BUSY_FACTOR times as long.
    """
    deadline = time.monotonic() + timeout * BUSY_FACTOR
    while True:
        found = happened()
        if found:
            return found
        assert time.monotonic() < deadline, f"it is still not so that {what}"
        time.sleep(0.05)


@contextmanager
def running(folder: Path, **arguments: Any) -> Iterator[RunningPlatform]:
    """A platform for one test, stopped at the end."""
    platform = RunningPlatform(folder, **arguments)
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()
