"""What sla remembers of a case: its clocks, and what it has said of them."""

from msgspec import Struct

from case_sla.domain.clock import METRICS, CaseClocks, clock


class Remembered(Struct, frozen=True, kw_only=True):
    """A case's time.

    `said` holds what was announced once a cycle, by a key that names metric, cycle and kind, with
    the case version that it rested on; 0 once it is in the history. `dues` is the due that was
    last said of each metric (microseconds). `wake` is when the case's one timer is set to.
    """

    clocks: CaseClocks
    version: int = 0
    case_type: str = ""
    priority: str = ""
    status: str = ""
    agreement: str = ""
    said: dict[str, int] = {}
    dues: dict[str, int] = {}
    wake: int | None = None


def unborn() -> Remembered:
    """A case of which nothing is known yet: every metric has a clock, none a target."""
    return Remembered(clocks=CaseClocks(tuple(clock(metric) for metric in METRICS)))
