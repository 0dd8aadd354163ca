"""What `test_service_processes` runs in place of a service."""

import json
import os
import signal
import sys
from pathlib import Path

from tests.support.real.service_processes import start_service


def main(what: str, *arguments: str) -> None:
    """Describe this process, exit with a code, wait for a signal, or start another that waits."""
    if what == "describe":
        print(json.dumps(_description()))
    elif what == "exit":
        sys.exit(int(arguments[0]))
    elif what == "start":
        command = ["tests.integration.local.forked_program", "wait"]
        print(start_service(command, Path(arguments[0]) / "log", os.environ).pid, flush=True)
    if what != "describe":
        signal.pause()


def _description() -> dict[str, object]:
    return {
        "arguments": sys.argv[1:],
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "pid": os.getpid(),
        "session": os.getsid(0),
        "open": [number for number in range(100) if _is_open(number)],
        "blocked": list(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    }


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(*sys.argv[1:])
