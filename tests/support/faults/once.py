"""Marks in CASEFOLD_MARKS, for actions that happen once across all processes of a test."""

import os
import signal
from pathlib import Path

MARKS = Path(os.environ.get("CASEFOLD_MARKS", ""))


def once(point: str) -> bool:
    """Whether this is the first time that any process reaches this point."""
    try:
        (MARKS / point).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def stop_here(point: str, how: signal.Signals = signal.SIGKILL) -> None:
    """Die, or stop, at this point; once."""
    if once(point):
        os.kill(os.getpid(), how)
