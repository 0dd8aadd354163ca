"""Breaking a running platform on purpose, and mending it."""

import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from casefold import process
from casefold.ports import free_port

from tests.support.real.platform import SERVICES, RunningPlatform, eventually
from tests.support.real.service_processes import ServiceProcess, start_service


@dataclass
class Breaking:
    """A platform, the faults that are planted in it, and the marks that faults leave."""

    platform: RunningPlatform

    def __post_init__(self) -> None:
        self.marks = Path(mkdtemp(dir=self.platform.folder, prefix="marks-"))
        self.platform.settings["CASEFOLD_MARKS"] = str(self.marks)

    def mend(self) -> None:
        """Every service runs, once, and without a fault."""
        self.plant({})
        for name in SERVICES:
            self.platform.wait_until_ready(name)

    def plant(self, faults: Mapping[str, Sequence[str]]) -> None:
        """Run these services with these faults from now on, and all others without one."""
        platform = self.platform
        for name in set(platform.processes) - {*SERVICES, "sink"}:
            process.end(platform.processes.pop(name), signal.SIGKILL, 5)
        faulty = {*platform.modules, *faults}
        platform.modules = {name: module_with(name, *faults[name]) for name in faults}
        for name in SERVICES:
            running = platform.processes[name]
            if name in faulty or running.poll() is not None:
                process.end(running, signal.SIGTERM, 10)
                platform.begin(name)

    def mark(self, name: str) -> None:
        """Leave a mark that faults look for."""
        (self.marks / name).touch()

    def wait_for_mark(self, name: str) -> None:
        """Wait until a service came to a point."""
        eventually((self.marks / name).exists, 40, f"a service came to {name}")

    def second(self, name: str, *faults: str) -> ServiceProcess:
        """Start a second replica of a service, as `<name>-2`; mending ends it."""
        platform, replica = self.platform, f"{name}-2"
        platform.ports[replica] = free_port()
        command = module_with(name, *faults) if faults else [f"case_{name}"]
        port = {"CASEFOLD_HTTP_PORT": str(platform.ports[replica])}
        platform.processes[replica] = start_service(
            command, platform.folder / f"{replica}.log", platform.environment(name) | port
        )
        return platform.processes[replica]

    @contextmanager
    def started_again(self) -> Iterator[None]:
        """While this lasts, a service that dies is started again, as a supervisor does it."""
        stopped = threading.Event()

        def start_the_dead() -> None:
            for name in SERVICES:
                if self.platform.processes[name].poll() is not None:
                    self.platform.begin(name)

        def watch() -> None:
            while not stopped.wait(0.2):
                start_the_dead()

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            yield
        finally:
            stopped.set()
            watching.join()
            start_the_dead()


def module_with(name: str, *faults: str) -> list[str]:
    """The arguments of `python -m` for a service with faults."""
    return ["tests.support.faults.service", ",".join(faults), f"case_{name}"]
