"""`casefold up`: starting, restarting, stopping and being killed (issue 3, point 1)."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from case_events.keyring import keyring_of
from casefold.embedded.postgres import remove_data
from casefold.ports import LOOPBACK, answers, free_port
from casefold.topology import PORTS

pytestmark = pytest.mark.real

HERE = Path(__file__).parent
READY = "Stop with Ctrl-C"


@dataclass
class Run:
    """Starts the platform again and again in one folder, on ports of its own."""

    folder: Path
    environment: dict[str, str]

    def start(self) -> subprocess.Popen[bytes]:
        """Start it in the background."""
        with self.output.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, str(HERE / "platform_under_test.py"), str(self.folder)],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment,
            )

    def start_until_ready(self) -> subprocess.Popen[bytes]:
        """Start it and wait for its last line; fails with its output if it ends before."""
        running = self.start()
        deadline = time.monotonic() + 300
        while READY not in self.text():
            assert running.poll() is None, self.text()
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.05)
        return running

    @property
    def output(self) -> Path:
        """What it printed."""
        return self.folder.with_suffix(".output")

    def text(self) -> str:
        """What it printed, as text."""
        return self.output.read_text()

    def get(self, path: str) -> Any:
        """Ask the stand-in service."""
        port = self.environment["CASEFOLD_PORTAL_PORT"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return json.load(response)

    def wait_for(self, line: str) -> None:
        """Wait until it printed the line; fails with its output."""
        deadline = time.monotonic() + 180
        while line not in self.text():
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.05)

    def wait_until_it_answers(self) -> None:
        """Wait until the stand-in service answers."""
        deadline = time.monotonic() + 120
        while not answers(int(self.environment["CASEFOLD_PORTAL_PORT"])):
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.05)


def run_in(folder: Path) -> Run:
    """A platform's folder, with ports of its own."""
    ports = {port.setting: str(free_port()) for port in PORTS}
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return Run(folder, inherited | ports | {"PYTHONPATH": str(HERE)})


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A platform that does not run yet; its data is deleted at the end."""
    yield run_in(tmp_path / "data")
    remove_data(tmp_path / "data" / "postgres")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A platform that runs, for tests that leave it running."""
    running = run_in(tmp_path_factory.mktemp("standing") / "data")
    supervisor = running.start_until_ready()
    yield running
    supervisor.terminate()
    assert supervisor.wait(60) == 0, running.text()
    remove_data(running.folder / "postgres")


def wait_until_gone(pids: list[int], seconds: float) -> None:
    """Fail if one of the processes still runs after that many seconds."""
    deadline = time.monotonic() + seconds
    while alive := [pid for pid in pids if psutil.pid_exists(pid)]:
        assert time.monotonic() < deadline, f"still running: {alive}"
        time.sleep(0.05)


def test_it_starts_gives_services_their_settings_and_stops_on_a_signal(run: Run) -> None:
    """Stopping takes less than 10 s and leaves no process; the second start finds the data."""
    running = run.start_until_ready()
    settings = run.get("/environment")
    assert settings["CASEFOLD_DATABASE_URL"].endswith("/portal")
    logins = [urlsplit(value).username for value in settings.values() if "postgresql:" in value]
    assert sorted(map(str, logins)) == ["casefold_portal", "casefold_portal_requests"]
    assert (run.folder / "databases.json").stat().st_mode & 0o777 == 0o600
    assert settings["CASEFOLD_PARTITIONS"] == "4"
    keyring_of(settings["CASEFOLD_SECRET"])
    assert (run.folder / "keys.json").stat().st_mode & 0o777 == 0o600
    with psycopg.connect(settings["CASEFOLD_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    children = [child.pid for child in psutil.Process(running.pid).children(recursive=True)]

    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    assert running.wait(10) == 0, run.text()
    assert time.monotonic() - began < 10
    wait_until_gone(children, 1)

    again = run.start_until_ready()
    with psycopg.connect(run.get("/environment")["CASEFOLD_DATABASE_URL"]) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    again.terminate()
    assert again.wait(60) == 0, run.text()


def test_a_killed_run_stops_nothing_of_the_next_one(run: Run) -> None:
    """SIGKILL of the supervisor: the next start works at once, on the same ports."""
    first = run.start_until_ready()
    first.kill()
    first.wait()
    second = run.start_until_ready()
    second.terminate()
    assert second.wait(60) == 0, run.text()


def test_a_service_that_dies_is_started_again(standing: Run) -> None:
    """A line says so, and it answers again with the settings of before."""
    before = standing.get("/environment")["CASEFOLD_SECRET"]
    with suppress(OSError):
        standing.get("/die")
    standing.wait_for("portal died; it is started again in 1 s")
    standing.wait_for("portal was started again")
    standing.wait_until_it_answers()
    assert standing.get("/environment")["CASEFOLD_SECRET"] == before


def test_a_server_that_dies_is_started_again(standing: Run) -> None:
    """On the same data, port and password."""
    url = standing.get("/environment")["CASEFOLD_DATABASE_URL"]
    pid_file = standing.folder / "postgres" / "postgres.pid"
    os.kill(json.loads(pid_file.read_text())["pid"], signal.SIGKILL)
    standing.wait_for("PostgreSQL was started again")
    psycopg.connect(url).close()


def test_a_port_that_is_taken_is_named_with_its_setting(run: Run) -> None:
    """Before anything is started."""
    with closing(socket.socket()) as listener:
        listener.bind((LOOPBACK, int(run.environment["CASEFOLD_SINK_PORT"])))
        listener.listen()
        refused = run.start()
        assert refused.wait(120) == 1
    port = run.environment["CASEFOLD_SINK_PORT"]
    assert f"port {port}, for the mail sink's pages, is taken: set CASEFOLD_SINK_PORT" in run.text()
    assert not (run.folder / "kafka" / "data").exists()


@pytest.mark.parametrize("secret", ["", "a"])
def test_an_empty_or_short_secret_is_refused(run: Run, secret: str) -> None:
    """C16: before anything is started, with the setting and the rule."""
    run.environment["CASEFOLD_SECRET"] = secret
    assert run.start().wait(120) == 1
    assert "CASEFOLD_SECRET is 32 bytes or more in hexadecimal digits" in run.text()
    assert not (run.folder / "kafka" / "data").exists()


def test_a_second_run_in_the_same_folder_is_refused(standing: Run) -> None:
    """And the first one goes on."""
    second = [sys.executable, str(HERE / "platform_under_test.py"), str(standing.folder)]
    refused = subprocess.run(
        second, env=standing.environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert refused.returncode == 1
    assert f"the platform runs already: {standing.folder} is in use by process" in refused.stderr
    assert standing.get("/environment")
