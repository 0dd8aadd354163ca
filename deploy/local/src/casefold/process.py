"""Child processes that end with their parent, and that a later run finds by their pid files."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import psutil

LOG_LIMIT = 10_000_000

# The kernel sends the signal when the thread that started the child ends, not when its process
# ends. So one thread, which lives as long as the process, starts all children.
_launcher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="launcher")


class Child(Protocol):
    """A child process: what `subprocess.Popen` has, as far as `end` and `kill` need it."""

    @property
    def pid(self) -> int:
        """The id of the process."""

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired`."""

    def send_signal(self, number: int, /) -> None:
        """Send it a signal."""


class FolderInUseError(Exception):
    """Another process that still runs uses this folder."""


@dataclass(frozen=True)
class User:
    """A user of the operating system, who runs a command."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """A command, and how to run it.

    `environment` None is the environment of this process. On Linux, the program gets `last_signal`
    when this process dies in any way. Elsewhere, the next run finds the program by `pid_file`: see
    `end_leftover`.
    """

    command: Sequence[str]
    log: Path
    pid_file: Path | None = None
    environment: Mapping[str, str] | None = None
    user: User | None = None
    folder: Path = Path("/")
    last_signal: signal.Signals = signal.SIGTERM


def launch(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in a new session. Its output is appended to its log."""
    process = _launcher.submit(_start, program).result()
    if program.pid_file is not None:
        _write_identity(program.pid_file, process.pid)
    return process


def end(process: Child, how: signal.Signals, timeout: float) -> None:
    """Ask a child to stop; kill it and all its descendants after `timeout` seconds."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process: Child) -> None:
    """Kill a child and all its descendants with SIGKILL, and wait until they have ended."""
    if process.poll() is None:
        _kill_tree(psutil.Process(process.pid))
    process.wait()


def end_leftover(pid_file: Path, how: signal.Signals, timeout: float) -> bool:
    """Stop the process that an earlier run left behind; True if there was one.

    The start time of the process has to be the one in the pid file: the system may have given the
    process id to another process since.
    """
    found = _leftover(pid_file)
    if found is not None:
        descendants = found.children(recursive=True)
        found.send_signal(how)
        _, alive = psutil.wait_procs([found, *descendants], timeout=timeout)
        for process in alive:
            _kill_tree(process)
    pid_file.unlink(missing_ok=True)
    return found is not None


def claim(folder: Path) -> IO[str]:
    """Lock a folder for this process until the returned file is closed.

    Raises `FolderInUseError` with the id of the other process if the folder is locked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "in-use").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise FolderInUseError(f"{folder} is in use by process {holder}") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _start(program: Program) -> subprocess.Popen[bytes]:
    log = program.log
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))
    uid, gid = (program.user.uid, program.user.gid) if program.user else (-1, -1)
    numbers = [os.getpid(), int(program.last_signal), uid, gid]
    launcher = [sys.executable, "-I", "-S", str(Path(__file__).with_name("parent_death.py"))]
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the commands come from this package
            [*launcher, *map(str, numbers), *program.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=program.environment,
            cwd=program.folder,
            start_new_session=True,
        )


def _write_identity(pid_file: Path, pid: int) -> None:
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    pid_file.write_text(json.dumps({"pid": pid, "started": started}))


def _leftover(pid_file: Path) -> psutil.Process | None:
    try:
        identity = json.loads(pid_file.read_text())
        process = psutil.Process(identity["pid"])
        same = abs(process.create_time() - identity["started"]) < 0.05
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return None
    return process if same and process.status() != psutil.STATUS_ZOMBIE else None


def _kill_tree(root: psutil.Process) -> None:
    try:
        tree = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in tree:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    deadline = time.monotonic() + 10
    # The wait of psutil would reap the child, and Popen would not get its exit code.
    while any(_alive(process) for process in tree) and time.monotonic() < deadline:
        time.sleep(0.01)


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
