"""What a service imports of the runtime: light, and all of it there."""

import json
import subprocess
import sys

import pytest
from case_events import faststream, runtime, testing
from case_events.runtime import kafka, postgres
from case_events.testing import memory

HEAVY = ("aiokafka", "faststream", "httpx", "obstore", "opentelemetry.sdk", "prometheus_client",
         "psycopg", "pydantic", "starlette", "structlog", "uvicorn")  # fmt: skip
SHOW = "import json, sys; import {module}; print(json.dumps(sorted(sys.modules)))"


def imported_by(module: str) -> list[str]:
    """The modules that a new process has imported after this one."""
    shown = subprocess.run(
        [sys.executable, "-c", SHOW.format(module=module)], capture_output=True, check=True
    )
    names: list[str] = json.loads(shown.stdout)
    return names


@pytest.mark.parametrize(
    "module", ["case_events.runtime", "case_events.kernel", "case_events.wire.codec"]
)
def test_what_reactions_and_adapters_import_brings_no_server_and_no_client(module: str) -> None:
    imported = imported_by(module)
    assert module in imported
    assert [name for name in HEAVY if name in imported] == []


def test_every_public_name_is_there() -> None:
    for package in (runtime, kafka, postgres, testing, memory, faststream):
        assert [name for name in package.__all__ if not hasattr(package, name)] == []
