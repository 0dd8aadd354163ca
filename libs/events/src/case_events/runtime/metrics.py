"""Every metric of a service, with its meaning. One place, one registry."""

import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge

from case_events.runtime.unit import Unit
from case_events.runtime.work import Batch


class Metrics:
    """What the runtime measures. The same names for every service, told apart by job."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.last_turn, self.turns = time.monotonic(), 0
        self.records = Counter(
            "casefold_records", "Records reacted to", ["topic"], registry=self.registry
        )
        self.facts = Counter("casefold_facts", "Records written to the log", registry=self.registry)
        self.relayed_facts = Counter(
            "casefold_relayed", "Records published from the log", registry=self.registry
        )
        self.duplicates = Counter(
            "casefold_duplicates", "Records skipped because we had them", registry=self.registry
        )
        self.seeks_again = Counter(
            "casefold_seeks_again",
            "Partitions read on again where records lay unread",
            ["topic"],
            registry=self.registry,
        )
        self.lag = Gauge(
            "casefold_consumer_lag", "Records not yet read", ["topic"], registry=self.registry
        )
        self.unpublished = Gauge(
            "casefold_oldest_unpublished_seconds",
            "Age of the oldest record in the log that is not yet published",
            registry=self.registry,
        )
        self.timers_due = Gauge(
            "casefold_timers_due", "Timers that fell due and did not fire", registry=self.registry
        )
        self.quarantined = Counter(
            "casefold_quarantined", "Records forged", ["topic"], registry=self.registry
        )
        self.passed = Counter(
            "casefold_passed", "Newer records that only inform", registry=self.registry
        )
        self.parked = Gauge(
            "casefold_parked_cases", "Cases that cannot go on", registry=self.registry
        )

    def alive(self) -> None:
        """The loop made a turn."""
        self.last_turn = time.monotonic()
        self.turns += 1

    def seconds_since_turn(self) -> float:
        """How long ago the loop last made a turn."""
        return time.monotonic() - self.last_turn

    def kept(self, unit: Unit[Any, Any], batch: Batch) -> None:
        """A unit of work was kept."""
        for delivery in batch.deliveries:
            self.records.labels(delivery.topic).inc()
        self.facts.inc(len(unit.staged))
        self.duplicates.inc(unit.duplicates)
        self.passed.inc(unit.passed)
        for held, _ in unit.quarantined:
            self.quarantined.labels(held.topic).inc()

    def relayed(self, count: int) -> None:
        """So many records went out."""
        self.relayed_facts.inc(count)
