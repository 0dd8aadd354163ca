"""All tests, in two processes side by side: those that need the real servers, and the others.

`python -m tests`; `--only simulated` or `--only real` runs one of the two. With `--results FOLDER`
each leaves its junit-xml file there, and the simulated tests the lines that they ran
(`coverage.json`). The progress of each is printed line by line, the rest of its output once it has
ended. The tests that `make check` runs are left out.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from casefold import parent_death

HALVES = {"real": "real", "simulated": "not real"}
CHECKED = ("tests/architecture", "tests/contract/events")
MEASURED = ("libs", "services", "deploy/local")
_PROGRESS = re.compile(r".* \[ *\d+%\]$")


def main() -> int:
    """Run the halves; 1 if a test failed in one of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--results", type=Path, metavar="FOLDER")
    parser.add_argument("--only", choices=HALVES)
    chosen = parser.parse_args()
    halves = [chosen.only] if chosen.only else list(HALVES)
    running = {half: _begin(half, chosen.results) for half in halves}
    with ThreadPoolExecutor() as pool:
        outputs = [pool.submit(_follow, half, process) for half, process in running.items()]
    for output in outputs:
        print("".join(output.result()), flush=True)
    if chosen.results is not None and "simulated" in halves:
        _print_coverage(chosen.results / "coverage.json")
    return int(any(process.wait() for process in running.values()))


def _begin(half: str, results: Path | None) -> "subprocess.Popen[str]":
    """Start one half. It is interrupted, and stops its servers, when this process dies."""
    pytest = ["-m", "pytest", "-m", HALVES[half]]
    pytest += [f"--ignore={folder}" for folder in CHECKED]
    if results is not None:
        pytest.append(f"--junit-xml={results / half}.xml")
        if half == "simulated":
            pytest = [*_measuring(results / "coverage.json"), *pytest]
    tied = [
        sys.executable,
        parent_death.__file__,
        str(os.getpid()),
        str(signal.SIGINT.value),
        "-1",
        "-1",
    ]
    return subprocess.Popen(
        [*tied, sys.executable, *pytest],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _measuring(out: Path) -> list[str]:
    """Note which lines run. slipcover costs an eighth of the time; a tracer nearly doubles it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    source = ",".join(MEASURED)
    return ["-m", "slipcover", "--json", "--source", source, "--out", str(out)]


def _follow(half: str, process: "subprocess.Popen[str]") -> list[str]:
    """Print the progress of a half; return the rest of its output once it has ended."""
    assert process.stdout is not None
    rest = []
    for line in process.stdout:
        if _PROGRESS.fullmatch(line.rstrip()):
            print(f"{half:9} {line}", end="", flush=True)
        else:
            rest.append(line)
    return rest


def _print_coverage(path: Path) -> None:
    """Print how many lines of each package the simulated tests ran. It gates nothing."""
    ran: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for name, file in json.loads(path.read_text())["files"].items():
        package = name.partition("/src/")[2].partition("/")[0]
        ran[package] += len(file["executed_lines"])
        missed[package] += len(file["missing_lines"])
    print("Lines that the simulated tests ran:")
    for package in sorted(ran | missed):
        lines = ran[package] + missed[package]
        print(f"  {package:16} {ran[package] / lines:4.0%} of {lines}")


if __name__ == "__main__":
    sys.exit(main())
