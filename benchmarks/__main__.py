"""Run the benchmarks: `python -m benchmarks [--profile | --timers]`."""

import argparse
import asyncio
import os
import platform as machine
import pstats
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casefold import process
from casefold.project import DATA

from benchmarks import (
    bare,
    deadlines,
    history,
    known,
    latency,
    mails,
    page_views,
    reaction,
    suggestions,
    throughput,
    timers,
    what_if,
    wire,
)
from benchmarks.figures import Table, write
from tests.support.real.platform import SERVICES, RunningPlatform, running

RESULT = DATA / "bench.json"
PROFILE = DATA / "bench.prof"
PROFILED = 5_000
TOP = 10


def main() -> None:
    """Run all benchmarks, those of timers, or workflow under a profiler."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--profile", action="store_true", help="show where workflow's time goes, and nothing else"
    )
    parser.add_argument("--timers", action="store_true", help="measure timers alone")
    chosen = parser.parse_args()
    if chosen.profile:
        _profile()
    elif chosen.timers:
        _measure_timers()
    else:
        _measure()


def _measure() -> None:
    began, about = time.monotonic(), _about()
    print(
        f"{about['at']}: {about['cores']} cores, load {about['load']}, Python {about['python']}\n"
    )
    tables = [reaction.measure(), *deadlines.measure(), what_if.measure(), suggestions.measure()]
    tables += [*mails.measure(), known.measure(), page_views.measure(), history.measure()]
    for table in tables:
        print(table, flush=True)
    with _platform() as platform:
        asyncio.run(bare.make_topics(platform.kafka.bootstrap))
        for table in _with_servers(platform):
            print(table, flush=True)
            tables.append(table)
    write(tables, about | {"load_after": os.getloadavg()}, RESULT)
    print(f"{time.monotonic() - began:.0f} s in all; the same figures are in {RESULT}")


def _with_servers(platform: RunningPlatform) -> Iterator[Table]:
    yield from asyncio.run(latency.measure(platform))
    events = asyncio.run(throughput.measure(platform))
    yield events
    yield wire.measure(events)
    yield from asyncio.run(timers.measure(platform))


def _measure_timers() -> None:
    with _platform() as platform:
        for name in ("sink", *SERVICES):
            process.end(platform.processes[name], signal.SIGTERM, 10)
        for table in asyncio.run(timers.measure(platform)):
            print(table)


def _profile() -> None:
    with _platform() as platform:
        asyncio.run(bare.make_topics(platform.kafka.bootstrap))
        platform.modules["workflow"] = ["benchmarks.profiled", str(PROFILE), "case_workflow"]
        print(asyncio.run(throughput.measure(platform, PROFILED)))
    stats = pstats.Stats(str(PROFILE), stream=sys.stdout).strip_dirs()
    stats.sort_stats("tottime").print_stats(TOP)
    stats.sort_stats("cumulative").print_stats("case_|unit|loop|transaction|relay|log", TOP)


@contextmanager
def _platform() -> Iterator[RunningPlatform]:
    folder = Path(tempfile.mkdtemp(prefix="casefold-bench-"))
    try:
        with running(folder, long_running=True) as platform:
            yield platform
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _about() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": machine.python_version(),
        "system": machine.platform(),
    }


if __name__ == "__main__":
    main()
