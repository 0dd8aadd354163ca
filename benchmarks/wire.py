"""The cost of sealing and signing: the same unit of work without them and with each, in turns."""

from collections.abc import Mapping
from functools import partial
from statistics import median
from typing import Any

from case_events.envelope import Delivery, Record
from case_events.runtime.host import freeze_gc
from case_events.wire.codec import Codec, decode_opened, encode_opened
from case_events.wire.signing import Destination

from benchmarks import backlog, reaction
from benchmarks.figures import Table
from tests.support.wire import KEYS, codec

COUNT, ROUNDS = 500, 60


class Unsigned(Codec):
    """Signs and checks nothing."""

    def __init__(self) -> None:
        super().__init__(KEYS)
        self.check, self._sign = self._believe, self._leave

    def _believe(self, delivery: Delivery) -> None:
        """Accept every delivery."""

    def _leave(self, to: Destination, headers: Mapping[str, str], value: bytes) -> str:
        """No signature."""
        return ""


class Open(Unsigned):
    """Neither signs nor seals."""

    def encode(self, record: Record) -> bytes:
        """The value of a record with its personal part readable."""
        return encode_opened(record)

    def decode(self, value: bytes) -> Record:
        """The record that `encode` wrote."""
        return decode_opened(value)


CODECS = {"open and unsigned": Open(), "sealed": Unsigned(), "sealed and signed": codec}


def measure(throughput: Table) -> Table:
    """Processor time of workflow's unit of work for an event, in many short rounds: the median, and
    the minimum, which is the time on a machine without other load."""
    records = backlog.new_cases(COUNT)
    _, reference = backlog.sample_tenant()
    deliveries = {
        name: [reaction.delivered(placed) for placed in backlog.entries(records, one)]
        for name, one in CODECS.items()
    }
    freeze_gc()
    took: dict[str, list[float]] = {name: [] for name in CODECS}
    for _ in range(ROUNDS):
        for name, one in CODECS.items():
            take = partial(reaction.take, deliveries[name], reference, one)
            facts, seconds = reaction.timed(take)
            took[name].append(seconds / facts * 1e6)
    before = took["open and unsigned"]
    rows: list[dict[str, Any]] = [
        {
            "a unit of work that writes nothing": name,
            "µs a fact": median(taken),
            "more": median(taken) - median(before),
            "least µs a fact": min(taken),
            "least more": min(taken) - min(before),
        }
        for name, taken in took.items()
    ]
    return Table("Sealing and signing, in processor time", rows, [_share(rows, throughput)])


def _share(rows: list[dict[str, Any]], throughput: Table) -> str:
    """The share of the whole time of workflow for an event."""
    (whole,) = (
        row["µs a fact"] for row in throughput.rows
        if row["what"].strip() == "meanwhile, processor time of workflow"
    )  # fmt: skip
    sealing, both = (row["more"] / whole for row in rows[1:])
    return (
        f"Workflow takes {whole:.0f} µs of processor time a fact, all in all: sealing is"
        f" {sealing:.1%} of it, signing and checking {both - sealing:.1%}."
    )
