"""Counts the calls of the project's own functions for one mail: `python -m benchmarks.calls`.

A mail of a known contact arrives on the simulated platform, and every service works until no work
is left: the case is open, routed and timed, its mails are sent, and the portal shows it. The script
counts the calls of functions in the project's packages, once each, however often a coroutine or
generator is resumed; a comprehension is part of its function. The ports in memory replace Kafka,
PostgreSQL and their faults. No real process runs them, so their functions do not count. The same
code always gives the same count, whatever the speed of the machine.
"""

import dis
import sys
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from casefold.project import PROJECT
from casefold.samples import read_sample

from benchmarks.backlog import sample_tenant
from tests.support.desk.mails import compose
from tests.support.driver.simulated import SimulatedDriver

VERSION_0_1 = (485, 4_135)
"""Functions and calls of version 0.1, counted with this script at commit 53cfbfc."""
IN_MEMORY = ("case_events/testing/", "adapters/memory.py")
"""The ports in memory, as parts of their paths."""
START_AT = datetime.fromisoformat("2026-03-02T09:00:00+01:00")
MAILS_BEFORE = 3
"""The number of mails before the counted one, so that everything is loaded that is loaded once."""
MOST_CALLED = 25
OWN = (PROJECT / "libs", PROJECT / "services")


def count() -> Counter[str]:
    """The calls of each function of the project's packages for one mail."""
    calls: Counter[CodeType] = Counter()

    def called(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call" and _is_own(code) and frame.f_lasti == _beginning(code):
            calls[code] += 1

    _, reference = sample_tenant()
    with SimulatedDriver(reference, START_AT) as world:
        for number in range(MAILS_BEFORE):
            mail(world, number)
        sys.setprofile(called)
        try:
            mail(world, MAILS_BEFORE)
        finally:
            sys.setprofile(None)
    return Counter({_name(code): number for code, number in calls.items()})


def mail(world: SimulatedDriver, number: int) -> None:
    """A mail of the sample's contact makes a case, and all of its consequences are processed."""
    sample = read_sample()
    raw = compose(
        sample.mail_from, sample.mail_to, "The scanner reads no labels", "Since this morning.",
        at=world.now(), message_id=f"{number}@benchmarks.example",
    )  # fmt: skip
    assert world.deliver(raw, sample.mail_from, [sample.mail_to]).reference


@cache
def _is_own(code: CodeType) -> bool:
    """Whether this is a function of the project's packages that a real process runs too, and not a
    part of another function."""
    if any(part in code.co_filename for part in IN_MEMORY):
        return False
    path = Path(code.co_filename)
    inner = code.co_name.startswith("<") and code.co_name != "<lambda>"
    return not inner and any(path.is_relative_to(folder) for folder in OWN)


@cache
def _beginning(code: CodeType) -> int:
    """The offset of the instruction at which a call begins, as opposed to a resumption."""
    return next(one.offset for one in dis.get_instructions(code) if one.opname == "RESUME")


def _name(code: CodeType) -> str:
    return f"{Path(code.co_filename).relative_to(PROJECT)}:{code.co_firstlineno} {code.co_qualname}"


def main() -> None:
    """Print the count, the count of version 0.1, and the functions with the most calls."""
    calls = count()
    functions, before = VERSION_0_1
    print(f"{len(calls)} functions, {calls.total()} calls: {calls.total() / before:.0%}")
    print(f"version 0.1: {functions} functions, {before} calls")
    for name, number in calls.most_common(MOST_CALLED):
        print(f"{number:6} {name}")


if __name__ == "__main__":
    main()
