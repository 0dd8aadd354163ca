"""What sealing and signing cost: the same unit of work with them and without, in turns."""

from collections.abc import Mapping
from functools import partial
from statistics import median
from typing import Any

from case_events.codec import Codec, decode_opened, encode_opened
from case_events.envelope import Delivery, Record
from case_events.signing import Destination

from benchmarks import backlog, reaction
from benchmarks.figures import Table
from tests.support.wire import KEYS, codec

ROUNDS = 5


class Open(Codec):
    """Neither seals nor signs, opens nor checks: as records were before."""

    def __init__(self) -> None:
        super().__init__(KEYS)
        self.check = self._check_nothing

    def encode(self, record: Record) -> bytes:
        """Its personal part in the open."""
        return encode_opened(record)

    def decode(self, value: bytes) -> Record:
        """What `encode` made."""
        return decode_opened(value)

    def signed(self, headers: dict[str, str], value: bytes, to: Destination) -> dict[str, str]:
        """The same headers."""
        return headers

    def _check_nothing(self, delivery: Delivery) -> None:
        """Everybody is believed."""


def measure(throughput: Table) -> Table:
    """Processor time of workflow's unit of work a fact: medians of rounds in turns. Beside all that
    workflow took a fact in the table of events a second."""
    records = backlog.new_cases(reaction.COUNT)
    _, reference = backlog.sample_tenant()
    codecs: Mapping[str, Codec] = {"open and unsigned": Open(), "sealed and signed": codec}
    deliveries = {
        name: [reaction.delivered(placed) for placed in backlog.entries(records, one)]
        for name, one in codecs.items()
    }
    took: dict[str, list[float]] = {name: [] for name in codecs}
    facts = 0
    for _ in range(ROUNDS):
        for name, one in codecs.items():
            take = partial(reaction.take, deliveries[name], reference, one)
            facts, seconds = reaction.timed(take)
            took[name].append(seconds / facts * 1e6)
    before = median(took["open and unsigned"])
    rows: list[dict[str, Any]] = [
        {
            "a unit of work that writes nothing": name,
            "facts": facts,
            "µs a fact": median(taken),
            "more": median(taken) - before,
            "least": min(taken),
        }
        for name, taken in took.items()
    ]
    more = rows[1]["more"]
    (whole,) = (
        row["µs a fact"] for row in throughput.rows
        if row["what"].strip() == "meanwhile, processor time of workflow"
    )  # fmt: skip
    return Table(
        "Sealing and signing, in processor time",
        rows,
        [f"They are {more:.1f} of the {whole:.0f} µs that workflow takes a fact:"
         f" {more / whole:.1%} of its processor time."],
    )  # fmt: skip
