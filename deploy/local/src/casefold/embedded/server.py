"""The process of an embedded server: one for each folder, and how it is stopped or found again."""

import signal
import subprocess
from pathlib import Path
from typing import IO

from casefold import process
from casefold.ports import free_port


class EmbeddedServer:
    """The process of a server on `port` (0: a free port), with its log and pid file in `folder`.

    `asks_to_stop` is the signal for an orderly shutdown.
    """

    def __init__(self, folder: Path, port: int, name: str, asks_to_stop: signal.Signals) -> None:
        self.folder = folder.resolve()
        self.port = port or free_port()
        self._log = self.folder / f"{name}.log"
        self._pid_file = self.folder / f"{name}.pid"
        self._asks_to_stop = asks_to_stop
        self._process: subprocess.Popen[bytes] | None = None
        self._claim: IO[str] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the main process; None if it was not started."""
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        """Whether the main process of the server runs."""
        return self._process is not None and self._process.poll() is None

    def end_leftover(self) -> None:
        """Stop the server that an earlier, killed run left in this folder, if there is one."""
        process.end_leftover(self._pid_file, self._asks_to_stop, timeout=10)

    def stop(self, timeout: float = 8.0) -> None:
        """Shut down in order, which ends all sessions; kill the server after `timeout` seconds."""
        if self._process is not None:
            process.end(self._process, self._asks_to_stop, timeout)
        self._forget()

    def kill(self) -> None:
        """Kill the server and all its processes with SIGKILL, as a crash would."""
        if self._process is not None:
            process.kill(self._process)
        self._forget()

    def _hold(self) -> None:
        """Lock the folder, and stop the server that an earlier run left in it.

        Raises `FolderInUseError`.
        """
        self._claim = self._claim or process.claim(self.folder)
        self.end_leftover()

    def _forget(self) -> None:
        self._process = None
        self._pid_file.unlink(missing_ok=True)
        if self._claim is not None:
            self._claim.close()
            self._claim = None
