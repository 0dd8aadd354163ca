"""A process that has imported every service, and forks at each start of one.

The imports of a service take more than a second of processor time; this process pays them once.
What it forks is a process of its own with the environment, the folder and the log that the order
names, in a session of its own, and it runs the module as `python -m` does. It gets SIGTERM when
this process dies.

`tests.support.real.service_processes` starts this module with a Unix socket as its input. An
order is a line of JSON with two file descriptors: the log, and a pipe to which the exit code is
written.
"""

import ctypes
import gc
import json
import os
import runpy
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

from casefold.parent_death import PR_SET_PDEATHSIG

IMPORTED = (
    "case_intake.bootstrap",
    "case_workflow.bootstrap",
    "case_sla.bootstrap",
    "case_notify.bootstrap",
    "case_portal.bootstrap",
    "casefold.sink.__main__",
)
LONGEST_PART = 65_536
NUMBER_BYTES = 4


def main(orders: socket.socket) -> None:
    """Fork for every order. In a child it returns once its module has ended, and in this process
    when no more orders can come."""
    for module in IMPORTED:
        import_module(module)
    gc.collect()
    gc.freeze()
    exits: dict[int, int] = {}
    parent = os.getpid()
    signal.signal(signal.SIGCHLD, lambda *_: _report_exits(exits))
    while order := _next_order(orders):
        command, log, exit_pipe = order
        # A child that ends at once must be known before it is waited for.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        pid = os.fork()
        if pid == 0:
            orders.detach()
            return _run(command, log, parent)
        exits[pid] = exit_pipe
        os.close(log)
        orders.send(pid.to_bytes(NUMBER_BYTES, "big"))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    return None


def _next_order(orders: socket.socket) -> tuple[dict[str, Any], int, int] | None:
    """An order, its log, and where to write its exit code; None once no more can come."""
    message, descriptors, _, _ = socket.recv_fds(orders, LONGEST_PART, 2)
    if not message:
        return None
    while not message.endswith(b"\n"):
        message += orders.recv(LONGEST_PART)
    log, exit_pipe = descriptors
    return json.loads(message), log, exit_pipe


def _report_exits(exits: dict[int, int]) -> None:
    """Write the exit code of each child that has ended."""
    while exits:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        code = os.waitstatus_to_exitcode(status)
        # Whoever started it need not be there any more.
        with suppress(BrokenPipeError):
            os.write(exits[pid], code.to_bytes(NUMBER_BYTES, "big", signed=True))
        os.close(exits.pop(pid))


def _run(order: dict[str, Any], log: int, parent: int) -> None:
    """Become the process that was ordered."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the parent died before this process started")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    module, *arguments = order["command"]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(socket.socket(fileno=0))
