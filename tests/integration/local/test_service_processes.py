"""Services of tests are processes of their own, though another process has forked them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from casefold import process
from casefold.project import PROJECT

from tests.support.real.platform import eventually
from tests.support.real.service_processes import ServiceProcess, start_service

pytestmark = pytest.mark.real
HERE = Path(__file__).parent
Start = Callable[..., ServiceProcess]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Starts a program of this folder."""

    def begin(*arguments: str, **environment: str) -> ServiceProcess:
        command = ["tests.integration.local.forked_program", *arguments]
        return start_service(command, tmp_path / "log", environment)

    return begin


def test_it_has_its_own_session_environment_folder_and_log(start: Start, tmp_path: Path) -> None:
    """As `python -m` would run it in the project's folder, with nothing else of this process."""
    running = start("describe", "me", CASEFOLD_SECRET="its own")
    assert running.wait(60) == 0
    shown = json.loads((tmp_path / "log").read_text())
    assert shown == {
        "arguments": ["describe", "me"],
        "environment": {"CASEFOLD_SECRET": "its own"},
        "folder": str(PROJECT),
        "pid": running.pid,
        "session": running.pid,
        "open": [0, 1, 2],
        "blocked": [],
    }


def test_it_ends_with_its_own_exit_code(start: Start) -> None:
    """The code that it exits with, also when several end at once."""
    running = [start("exit", str(code)) for code in range(5)]
    assert [one.wait(60) for one in running] == [0, 1, 2, 3, 4]


def test_a_kill_ends_it_alone(start: Start) -> None:
    """SIGKILL reaches the process, and no other that was forked."""
    killed, other = start("wait"), start("wait")
    with pytest.raises(subprocess.TimeoutExpired):
        killed.wait(0)
    process.kill(killed)
    assert killed.poll() == -signal.SIGKILL
    assert not psutil.pid_exists(killed.pid)
    assert other.poll() is None
    process.end(other, signal.SIGTERM, 60)
    assert other.poll() == -signal.SIGTERM


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """A run of the tests that is killed leaves no service behind."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.local.forked_program", "start", str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        env=os.environ,
    )
    assert run.stdout is not None
    pid = int(run.stdout.readline())
    assert psutil.pid_exists(pid)
    run.kill()
    run.wait()
    run.stdout.close()
    eventually(lambda: not psutil.pid_exists(pid), 20, "the service has ended")
