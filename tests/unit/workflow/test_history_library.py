"""What the `eventsourcing` library does to the process that imports it."""

import subprocess
import sys


def test_the_drivers_warnings_are_still_logged() -> None:
    """The library sets the driver's loggers to ERROR when it is imported; that is undone."""
    script = (
        "import logging, case_workflow.bootstrap, eventsourcing.postgres;"
        "print([logging.getLogger(name).getEffectiveLevel() <= logging.WARNING"
        " for name in ('psycopg', 'psycopg.pool')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[True, True]"


def test_the_environment_sets_nothing_of_the_history() -> None:
    """Settings of the library that a process happens to have would change what is read."""
    script = (
        "from case_workflow.adapters.case_history import CaseHistory;"
        "from tests.support.world.history import MemoryLogRecorder;"
        "from case_events.testing.memory.state import State;"
        "from tests.support.wire import codec;"
        "h = CaseHistory(lambda partition=None: MemoryLogRecorder(State(), partition), codec);"
        "print(type(h.mapper).__name__, h.mapper.cipher, h.mapper.compressor, h.snapshots)"
    )
    settings = {
        "COMPRESSOR_TOPIC": "eventsourcing.compressor:ZlibCompressor",
        "IS_SNAPSHOTTING_ENABLED": "y",
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=settings, capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "RecordMapper None None None"
