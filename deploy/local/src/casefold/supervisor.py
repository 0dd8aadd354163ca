"""Keeps processes running: starts a process that died again, with growing delays."""

import http.client
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Never, Protocol

from casefold import process
from casefold.embedded import EmbeddedKafka, EmbeddedPostgres
from casefold.ports import LOOPBACK

FIRST_WAIT = 1.0
MAX_WAIT = 30.0
HEALTHY_AFTER = 60.0
LOOK_EVERY = 0.2

Report = Callable[[str], None]


class ManagedProcess(Protocol):
    """A process that the supervisor watches and starts again."""

    name: str

    def start(self) -> object:
        """Start the process again."""

    def alive(self) -> bool:
        """Whether the process runs."""


@dataclass
class ServerPart:
    """An embedded server."""

    name: str
    server: EmbeddedKafka | EmbeddedPostgres

    def start(self) -> object:
        """Start the server again with the same data and port."""
        return self.server.start()

    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self.server.alive()


@dataclass
class ServicePart:
    """One service: its program, and the port of its health endpoint."""

    name: str
    program: process.Program
    port: int
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> object:
        """Start the process of the service."""
        self.running = process.launch(self.program)
        return self.running

    def alive(self) -> bool:
        """Whether the process of the service runs."""
        return self.running is not None and self.running.poll() is None

    def ready(self) -> bool:
        """Whether `GET /health/ready` answers 200 within 2 s."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=2)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def last_lines(self, count: int = 15) -> str:
        """The last lines of the log of the service."""
        return last_lines(self.program.log, count)


@dataclass
class Watched:
    """A watched process, its deaths, and when it was and will be started, in monotonic seconds."""

    part: ManagedProcess
    started_at: float
    deaths: int = 0
    start_at: float | None = None


@dataclass
class Supervisor:
    """Watches processes from one thread."""

    report: Report
    watched: list[Watched] = field(default_factory=list)

    def add(self, part: ManagedProcess) -> None:
        """Watch a process that has been started."""
        self.watched.append(Watched(part, time.monotonic()))

    def deaths(self, part: ManagedProcess) -> int:
        """The number of deaths of a process since it last ran for a minute."""
        return sum(watched.deaths for watched in self.watched if watched.part is part)

    def look(self) -> None:
        """Notice the processes that died, and start those again whose delay is over."""
        now = time.monotonic()
        for watched in self.watched:
            if watched.start_at is not None:
                if now >= watched.start_at:
                    self._start_again(watched)
            elif not watched.part.alive():
                self._note_death(watched, now)

    def watch(self) -> Never:
        """Look every 0.2 s, until a signal handler raises an exception."""
        while True:
            time.sleep(LOOK_EVERY)
            self.look()

    def _note_death(self, watched: Watched, now: float) -> None:
        if now - watched.started_at > HEALTHY_AFTER:
            watched.deaths = 0
        wait = min(FIRST_WAIT * 2**watched.deaths, MAX_WAIT)
        watched.deaths += 1
        watched.start_at = now + wait
        self.report(f"{watched.part.name} died; it is started again in {wait:.0f} s")

    def _start_again(self, watched: Watched) -> None:
        watched.start_at = None
        watched.started_at = time.monotonic()
        try:
            watched.part.start()
        except Exception as error:  # noqa: BLE001 - reported, and the start is tried again
            self.report(f"{watched.part.name} could not be started: {error}")
        else:
            self.report(f"{watched.part.name} was started again")


def stop_together(parts: list[ServicePart], timeout: float) -> None:
    """Ask all services to stop, and kill those that still run after `timeout` seconds."""
    running = [part.running for part in parts if part.running is not None]
    for child in running:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + timeout
    while any(child.poll() is None for child in running) and time.monotonic() < deadline:
        time.sleep(0.02)
    for part in parts:
        if part.running is not None:
            process.kill(part.running)
        if part.program.pid_file is not None:
            part.program.pid_file.unlink(missing_ok=True)


def last_lines(log: Path, count: int) -> str:
    """The last lines of a log."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def service_part(
    name: str, command: list[str], environment: Mapping[str, str], folders: tuple[Path, Path]
) -> ServicePart:
    """A service with its log and pid file in the data folder.

    `folders` are the data folder and the working directory. The port is CASEFOLD_HTTP_PORT of the
    environment.
    """
    data, folder = folders
    program = process.Program(
        command,
        log=data / "logs" / f"{name}.log",
        pid_file=data / "run" / f"{name}.pid",
        environment=environment,
        folder=folder,
    )
    return ServicePart(name, program, int(environment["CASEFOLD_HTTP_PORT"]))
