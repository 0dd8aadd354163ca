"""All tests, in two processes side by side: those that need the real servers, and the others.

`python -m tests`; with `--results FOLDER` each leaves its `--junit-xml` file there. How far each
is comes line by line, what it has to say when it has ended. What `make check` runs is left out.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from casefold import leash

PARTS = {"real": "real", "simulated": "not real"}
CHECKED = ("tests/architecture", "tests/contract/events")
_PROGRESS = re.compile(r".* \[ *\d+%\]$")


def main() -> int:
    """Run both; 1 if a test failed in either."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--results", type=Path, metavar="FOLDER")
    folder = asked.parse_args().results
    running = {name: _begin(name, folder) for name in PARTS}
    with ThreadPoolExecutor() as pool:
        told = [pool.submit(_follow, name, process) for name, process in running.items()]
    for one in told:
        print("".join(one.result()), flush=True)
    return int(any(process.wait() for process in running.values()))


def _begin(name: str, results: Path | None) -> "subprocess.Popen[str]":
    """One of the two. It is interrupted, and puts its servers away, when this process dies."""
    pytest = [sys.executable, "-m", "pytest", "-m", PARTS[name]]
    pytest += [f"--ignore={folder}" for folder in CHECKED]
    if results is not None:
        pytest.append(f"--junit-xml={results / name}.xml")
    tied = [sys.executable, leash.__file__, str(os.getpid()), str(signal.SIGINT.value), "-1", "-1"]
    return subprocess.Popen(
        [*tied, *pytest], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _follow(name: str, process: "subprocess.Popen[str]") -> list[str]:
    """Tell how far it is; what else it says is answered once it has ended."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        if _PROGRESS.fullmatch(line.rstrip()):
            print(f"{name:9} {line}", end="", flush=True)
        else:
            said.append(line)
    return said


if __name__ == "__main__":
    sys.exit(main())
