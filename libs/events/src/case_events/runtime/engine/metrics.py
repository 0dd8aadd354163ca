"""The metrics of the runtime, in one registry. `metric_table` declares what each metric means."""

import time
from collections import Counter as Count
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from case_events.runtime.engine import metric_table as table
from case_events.runtime.engine.metric_table import Metric
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.work import Batch

Change = Literal["assigned", "revoked"]
Loss = Literal["fenced", "unavailable", "rejected"]


class Metrics:
    """The metrics of one replica. All services use the same names; Prometheus adds the job."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.last_turn, self.turns = time.monotonic(), 0
        self.records = self._counter(table.RECORDS)
        self.events = self._counter(table.EVENTS)
        self.published = self._counter(table.PUBLISHED)
        self.duplicates = self._counter(table.DUPLICATES)
        self.passed = self._counter(table.PASSED)
        self.parked = self._counter(table.PARKED)
        self.quarantined = self._counter(table.QUARANTINED)
        self.seeks_again = self._counter(table.SEEKS_AGAIN)
        self.rebalances = self._counter(table.REBALANCES)
        self.not_committed = self._counter(table.NOT_COMMITTED)
        self.effects = self._counter(table.EFFECTS)
        self.batch_records = self._histogram(table.BATCH_RECORDS)
        self.batch_seconds = self._histogram(table.BATCH_SECONDS)
        self.commit_seconds = self._histogram(table.COMMIT_SECONDS)
        self.effect_seconds = self._histogram(table.EFFECT_SECONDS)
        self.consumer_lag = self._gauge(table.CONSUMER_LAG)
        self.oldest_unpublished = self._gauge(table.OLDEST_UNPUBLISHED)
        self.timers_due = self._gauge(table.TIMERS_DUE)
        self.parked_cases = self._gauge(table.PARKED_CASES)

    def alive(self) -> None:
        """Note a turn of the loop."""
        self.last_turn = time.monotonic()
        self.turns += 1

    def seconds_since_turn(self) -> float:
        """Return the seconds since the last turn of the loop."""
        return time.monotonic() - self.last_turn

    def committed(self, unit: UnitOfWork[Any, Any], batch: Batch) -> None:
        """Count a unit of work that was just committed."""
        now = time.perf_counter()
        self.batch_seconds.observe(now - unit.began)
        self.commit_seconds.observe(now - unit.written)
        if size := len(batch):
            self.batch_records.observe(size)
        for topic, count in Count(delivery.topic for delivery in batch.deliveries).items():
            self.records.labels(topic).inc(count)
        self.events.inc(len(unit.pending))
        self.duplicates.inc(unit.duplicates)
        self.passed.inc(unit.passed)
        for parked in unit.parked:
            self.parked.labels(parked.delivery.topic).inc()
        for delivery, _ in unit.quarantined:
            self.held(delivery.topic)

    def held(self, topic: str) -> None:
        """Count a record of this topic that is quarantined."""
        self.quarantined.labels(topic).inc()

    def lost(self, reason: Loss) -> None:
        """Count a batch that was not committed."""
        self.not_committed.labels(reason).inc()

    def relayed(self, count: int) -> None:
        """Count published records."""
        self.published.inc(count)

    def rebalanced(self, change: Change) -> None:
        """Count partitions that were assigned to this replica or revoked from it."""
        self.rebalances.labels(change).inc()

    def attempted(self, kind: str, result: str, seconds: float) -> None:
        """Count an attempt at an effect, and observe its duration."""
        self.effects.labels(kind, result).inc()
        self.effect_seconds.labels(kind).observe(seconds)

    def _counter(self, metric: Metric) -> Counter:
        return Counter(metric.name, metric.help, metric.labels, registry=self.registry)

    def _gauge(self, metric: Metric) -> Gauge:
        return Gauge(metric.name, metric.help, metric.labels, registry=self.registry)

    def _histogram(self, metric: Metric) -> Histogram:
        return Histogram(
            metric.name, metric.help, metric.labels, buckets=metric.buckets, registry=self.registry
        )
