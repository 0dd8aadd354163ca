"""What the embedded servers share: one process of a folder, held, stopped, killed, found again."""

import signal
import subprocess
from pathlib import Path
from typing import IO

from casefold import process
from casefold.ports import free_port


class EmbeddedServer:
    """A server's process on `port` (0: any free one), with its log and pid file in `folder`.

    `asks_to_stop` is the signal at which it shuts down in order.
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
        """The server's main process, while there is one."""
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        """Whether the server's main process runs."""
        return self._process is not None and self._process.poll() is None

    def end_leftover(self) -> None:
        """Stop the server that a killed earlier run left in this folder, if there is one."""
        process.end_leftover(self._pid_file, self._asks_to_stop, timeout=10)

    def stop(self, timeout: float = 8.0) -> None:
        """Shut down in order, ending the sessions there are; after `patience` seconds kill."""
        if self._process is not None:
            process.end(self._process, self._asks_to_stop, timeout)
        self._forget()

    def kill(self) -> None:
        """SIGKILL of the server and all its processes, as a crash does it."""
        if self._process is not None:
            process.kill(self._process)
        self._forget()

    def _hold(self) -> None:
        """Hold the folder; raises FolderInUseError. What an earlier run left in it is stopped."""
        self._claim = self._claim or process.claim(self.folder)
        self.end_leftover()

    def _forget(self) -> None:
        self._process = None
        self._pid_file.unlink(missing_ok=True)
        if self._claim is not None:
            self._claim.close()
            self._claim = None
