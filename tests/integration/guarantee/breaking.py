"""Breaking a running platform on purpose, and mending it."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from casefold import process
from casefold.ports import free_port
from casefold.project import PROJECT

from tests.support.running import SERVICES, RunningPlatform, eventually


@dataclass
class Breaking:
    """A platform, the faults that are planted in it, and the marks that faults leave."""

    platform: RunningPlatform

    def __post_init__(self) -> None:
        self.marks = Path(mkdtemp(dir=self.platform.folder, prefix="marks-"))
        self.platform.settings["CASEFOLD_MARKS"] = str(self.marks)

    def mend(self) -> None:
        """Every service runs, once, and without a fault."""
        platform = self.platform
        for name in set(platform.processes) - {*SERVICES, "sink"}:
            process.end(platform.processes.pop(name), signal.SIGKILL, 5)
        faulty = {name for name in SERVICES if name in platform.modules}
        dead = {name for name in SERVICES if platform.processes[name].poll() is not None}
        platform.modules.clear()
        for name in sorted(faulty | dead):
            self.end(name)
            platform.begin(name)
        for name in sorted(faulty | dead):
            platform.wait_until_ready(name)

    def plant(self, name: str, *faults: str) -> None:
        """Run a service with these faults from now on."""
        self.platform.modules[name] = module_with(name, *faults)
        self.end(name)
        self.platform.begin(name)

    def end(self, name: str) -> None:
        """Stop a service in order."""
        running = self.platform.processes[name]
        if running.poll() is None:
            running.send_signal(signal.SIGCONT)
        process.end(running, signal.SIGTERM, 10)

    def mark(self, name: str) -> None:
        """Leave a mark that faults look for."""
        (self.marks / name).touch()

    def wait_for_mark(self, name: str) -> None:
        """Wait until a service came to a point."""
        eventually((self.marks / name).exists, 40, f"a service came to {name}")

    def second(self, name: str, *faults: str) -> subprocess.Popen[bytes]:
        """Start a second replica of a service, as `<name>-2`; mending ends it."""
        platform, replica = self.platform, f"{name}-2"
        platform.ports[replica] = free_port()
        command = module_with(name, *faults) if faults else [f"case_{name}"]
        platform.processes[replica] = process.launch(
            process.Program(
                [sys.executable, "-m", *command],
                log=platform.folder / f"{replica}.log",
                environment=platform.environment(name)
                | {"CASEFOLD_HTTP_PORT": str(platform.ports[replica])},
                folder=PROJECT,
            )
        )
        return platform.processes[replica]

    @contextmanager
    def started_again(self) -> Iterator[None]:
        """While this lasts, a service that dies is started again, as a supervisor does it."""
        stopped = threading.Event()

        def watch() -> None:
            while not stopped.wait(0.2):
                for name in SERVICES:
                    if self.platform.processes[name].poll() is not None:
                        self.platform.begin(name)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            yield
        finally:
            stopped.set()
            watching.join()


def module_with(name: str, *faults: str) -> list[str]:
    """The arguments of `python -m` for a service with faults."""
    return ["tests.support.faulty", ",".join(faults), f"case_{name}"]
