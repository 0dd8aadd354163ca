"""Processor time by process, which stays meaningful when the machine is busy with other work."""

import os

import psutil

from tests.support.real.platform import RunningPlatform

Seconds = dict[str, float]


def used(platform: RunningPlatform) -> Seconds:
    """Seconds of processor time that each process of the platform has used so far, with its
    children, and that of this process."""
    pids = {name: running.pid for name, running in platform.processes.items() if _runs(running.pid)}
    pids |= {"the benchmark itself": os.getpid()}
    for name, pid in (("kafka", platform.kafka.pid), ("postgres", platform.postgres.pid)):
        if pid is not None:
            pids[name] = pid
    return {name: _seconds(psutil.Process(pid), name) for name, pid in pids.items()}


def since(before: Seconds, now: Seconds) -> Seconds:
    """The time used between two looks, most first."""
    spent = {name: seconds - before.get(name, 0.0) for name, seconds in now.items()}
    return dict(sorted(spent.items(), key=lambda item: -item[1]))


def _seconds(process: psutil.Process, name: str) -> float:
    times = process.cpu_times()
    own = float(times.user + times.system)
    if name != "postgres":  # the only one with processes below it, some of them ended
        return own
    ended = float(times.children_user + times.children_system)
    return own + ended + sum(map(_of_child, process.children()))


def _of_child(process: psutil.Process) -> float:
    """Zero for a process that has just ended: PostgreSQL's processes come and go with
    connections."""
    try:
        return _seconds(process, "")
    except psutil.NoSuchProcess:
        return 0.0


def _runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
