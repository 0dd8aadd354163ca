"""Executes a program that gets a signal when the process that started it dies.

`casefold.process` runs this file as a script. It imports only the standard library, so it starts in
milliseconds. Usage: parent_death.py PARENT_PID SIGNAL UID GID COMMAND… (UID -1: the same user)
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Change to the user, ask for a signal when the parent dies, and execute the command."""
    parent, last_signal, uid, gid = map(int, arguments[:4])
    command = arguments[4:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # `setuid` would clear it, so it comes after that.
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, last_signal, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the parent died before this process started")
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.execv(command[0], command)  # noqa: S606 - this is the purpose of the script


if __name__ == "__main__":
    main(sys.argv[1:])
