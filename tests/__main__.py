"""All tests, in processes side by side: three need real servers, two need nothing.

`python -m tests`; `--only simulated` or `--only real` runs those of one kind; `--check` runs `make
check` beside them. With `--results FOLDER` each process leaves its junit-xml file there, and the
simulated ones the lines that they ran (`coverage.json`). The progress of each is printed line by
line, the rest of its output once it has ended. The tests that `make check` runs are left out.

The real tests mostly wait. The others, and the check, give way to them: they take what is left of
the processors.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from casefold import parent_death

CHECKED = ("tests/architecture", "tests/contract/events")
MEASURED = ("libs", "services", "deploy/local")
SELECTED = {"real": "real", "simulated": "not real"}
WITHOUT_SERVERS = "tests/unit"
GIVES_WAY = ("nice", "-n", "2")
_PROGRESS = re.compile(r".* \[ *\d+%\]$")


@dataclass(frozen=True)
class Part:
    """The tests of one process: those of a kind in `folders` (all, where none is named) that no
    other part of that kind names."""

    name: str
    kind: str
    folders: tuple[str, ...] = ()


PARTS = (
    Part("stories", "real", ("tests/acceptance",)),
    Part("guarantee", "real", ("tests/integration/guarantee",)),
    Part("servers", "real"),
    Part("units", "simulated"),
    Part(
        "simulated",
        "simulated",
        ("tests/acceptance", "tests/contract", "tests/integration", "tests/unit/intake"),
    ),
)
"""Those of a kind end together: where one ends long before another, a processor stands idle."""


def main() -> int:
    """Run the parts; 1 if something failed in one of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--results", type=Path, metavar="FOLDER")
    parser.add_argument("--only", choices=SELECTED)
    parser.add_argument("--check", action="store_true", help="and `make check` beside them")
    chosen = parser.parse_args()
    parts = [part for part in PARTS if chosen.only in {None, part.kind}]
    commands = {part.name: _pytest(part, chosen.results) for part in parts}
    if chosen.check:
        commands["check"] = [*GIVES_WAY, "make", "--no-print-directory", "check"]
    running = {name: _begin(command) for name, command in commands.items()}
    with ThreadPoolExecutor(len(running)) as pool:
        failed = list(pool.map(_follow, running, running.values()))
    measured = [part.name for part in parts if part.kind == "simulated"]
    if chosen.results is not None and measured:
        _print_coverage(_coverage(chosen.results, name) for name in measured)
    return int(any(failed))


def _pytest(part: Part, results: Path | None) -> list[str]:
    command = ["-m", "pytest", "-m", SELECTED[part.kind], *part.folders]
    others = [one.folders for one in PARTS if one.kind == part.kind and one != part]
    left_out = [*CHECKED, *sum(others, ())]
    if part.kind == "real":
        # To import and deselect its thousands of tests would take 5 s of processor time.
        left_out.append(WITHOUT_SERVERS)
    command += [f"--ignore={folder}" for folder in left_out]
    if results is not None:
        command.append(f"--junit-xml={results / part.name}.xml")
    if part.kind == "real":
        return [sys.executable, *command]
    measuring = _measuring(_coverage(results, part.name)) if results is not None else []
    return [*GIVES_WAY, sys.executable, *measuring, *command]


def _coverage(results: Path, name: str) -> Path:
    return results / f"coverage-{name}.json"


def _measuring(out: Path) -> list[str]:
    """Note which lines run. slipcover costs an eighth of the time; a tracer nearly doubles it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    source = ",".join(MEASURED)
    return ["-m", "slipcover", "--json", "--source", source, "--out", str(out)]


def _begin(command: Sequence[str]) -> "subprocess.Popen[str]":
    """Start one part. It is interrupted, and stops its servers, when this process dies."""
    program = shutil.which(command[0]) or command[0]
    tied = [parent_death.__file__, str(os.getpid()), str(signal.SIGINT.value), "-1", "-1"]
    return subprocess.Popen(
        [sys.executable, *tied, program, *command[1:]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _follow(name: str, process: "subprocess.Popen[str]") -> bool:
    """Print the progress of a part, and the rest of its output once it has ended; whether it
    failed."""
    assert process.stdout is not None
    rest = []
    for line in process.stdout:
        if _PROGRESS.fullmatch(line.rstrip()):
            print(f"{name:9} {line}", end="", flush=True)
        else:
            rest.append(line)
    print(f"--- {name}", "".join(rest), sep="\n", flush=True)
    return process.wait() != 0


def _print_coverage(files: Iterable[Path]) -> None:
    """Print how many lines of each package the simulated tests ran. It gates nothing."""
    executed: dict[str, set[int]] = {}
    lines: dict[str, set[int]] = {}
    for file in files:
        for name, found in json.loads(file.read_text())["files"].items():
            executed.setdefault(name, set()).update(found["executed_lines"])
            lines.setdefault(name, set()).update(found["executed_lines"], found["missing_lines"])
    ran: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for name, all_lines in lines.items():
        package = name.partition("/src/")[2].partition("/")[0]
        ran[package] += len(executed[name])
        counted[package] += len(all_lines)
    print("Lines that the simulated tests ran:")
    for package in sorted(counted):
        print(f"  {package:16} {ran[package] / counted[package]:4.0%} of {counted[package]}")


if __name__ == "__main__":
    sys.exit(main())
