"""How many calls of the project's own functions one mail takes: `python -m benchmarks.calls`.

A mail of a known contact comes in on the simulated platform, and every service works until all is
at rest: the case is open, routed and timed, its mails have left, and the portal shows it. What is
counted are the calls of functions in the project's packages, once each however often a coroutine
or generator is resumed; comprehensions are part of the function that they stand in. The same code
always gives the same count: no clock is read, and how busy the machine is does not matter.

Version 0.1 (commit 53cfbfc), with this script: BASELINE.
"""

import dis
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from casefold.project import PROJECT

from tests.acceptance.dtnext.conftest import TENANCY
from tests.acceptance.dtnext.people import ANOUK
from tests.support.scenario import Desk

BASELINE = {"functions": 0, "calls": 0}
"""What one mail took in version 0.1."""
MAILS_BEFORE = 3
"""Mails that come in before the one that is counted, so that what is loaded once is loaded."""
MOST_CALLED = 25
OWN = (PROJECT / "libs", PROJECT / "services")


def count() -> Counter[str]:
    """The calls of each function of the project's packages that one mail takes."""
    calls: Counter[CodeType] = Counter()

    def called(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call" and _is_own(code) and frame.f_lasti == _beginning(code):
            calls[code] += 1

    with TENANCY.simulated() as world:
        desk: Desk = TENANCY.desk(world)
        for _ in range(MAILS_BEFORE):
            desk.mail_from(ANOUK)
        sys.setprofile(called)
        try:
            desk.mail_from(ANOUK)
        finally:
            sys.setprofile(None)
    return Counter({_name(code): number for code, number in calls.items()})


@cache
def _is_own(code: CodeType) -> bool:
    """Whether this is a function of the project's packages, and no part of another function."""
    path = Path(code.co_filename)
    inner = code.co_name.startswith("<") and code.co_name != "<lambda>"
    return not inner and any(path.is_relative_to(folder) for folder in OWN)


@cache
def _beginning(code: CodeType) -> int:
    """The offset of the instruction at which a call of it begins, not a resumption."""
    return next(one.offset for one in dis.get_instructions(code) if one.opname == "RESUME")


def _name(code: CodeType) -> str:
    return f"{Path(code.co_filename).relative_to(PROJECT)}:{code.co_firstlineno} {code.co_qualname}"


def main() -> None:
    """Print the count beside that of version 0.1, and the functions that are called most."""
    calls = count()
    print(f"{len(calls)} functions, {calls.total()} calls; version 0.1: {BASELINE}")
    for name, number in calls.most_common(MOST_CALLED):
        print(f"{number:6} {name}")


if __name__ == "__main__":
    main()
