"""Processes of services for tests, forked from one that has imported them: `service_forks`."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from casefold.project import PROJECT

from tests.support.real.service_forks import NUMBER_BYTES


@dataclass
class ServiceProcess:
    """A process that runs a module. It has what `casefold.process` asks of a child."""

    pid: int
    _exit: int
    returncode: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def poll(self) -> int | None:
        """The exit code, or None while it runs; negative for a signal."""
        return self._exit_code(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired`."""
        code = self._exit_code(timeout)
        if code is None:
            raise subprocess.TimeoutExpired([str(self.pid)], timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def _exit_code(self, timeout: float | None) -> int | None:
        with self._lock:
            if self.returncode is None and select.select([self._exit], [], [], timeout)[0]:
                code_bytes = os.read(self._exit, NUMBER_BYTES)
                # There is no code where the process that forked it was killed, and it with it.
                code = (
                    int.from_bytes(code_bytes, "big", signed=True)
                    if code_bytes
                    else -signal.SIGKILL
                )
                self.returncode = code
                os.close(self._exit)
            return self.returncode


def start_service(
    command: Sequence[str], log: Path, environment: Mapping[str, str]
) -> ServiceProcess:
    """Start `python -m command` in the project's folder; its output is appended to the log.

    It gets SIGTERM when this process dies.
    """
    return _forks().start(command, log, environment)


def import_services() -> None:
    """Begin to import the services, while something else starts."""
    _forks()


class _Forks:
    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair()
        self._lock = threading.Lock()
        # It ends when this process does, which closes the socket.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.real.service_forks"],
            stdin=theirs.fileno(),
            cwd=PROJECT,
            start_new_session=True,
        )
        theirs.close()

    def start(
        self, command: Sequence[str], log: Path, environment: Mapping[str, str]
    ) -> ServiceProcess:
        order = {
            "command": list(command),
            "environment": dict(environment),
            "folder": str(PROJECT),
        }
        ended, exit_pipe = os.pipe()
        with self._lock, log.open("ab") as output:
            message = json.dumps(order).encode() + b"\n"
            sent = socket.send_fds(self._orders, [message], [output.fileno(), exit_pipe])
            self._orders.sendall(message[sent:])
            os.close(exit_pipe)
            pid = int.from_bytes(self._orders.recv(NUMBER_BYTES), "big")
        assert pid, "the process that forks services has ended"
        return ServiceProcess(pid, ended)


@cache
def _forks() -> _Forks:
    return _Forks()
