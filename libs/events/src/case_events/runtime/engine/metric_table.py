"""Every metric of a service: name, kind, unit, labels and meaning, as shown in
`docs/metrics.md`."""

from typing import Literal

from msgspec import Struct

Kind = Literal["counter", "gauge", "histogram"]

UP_TO_A_MINUTE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5, 10, 30, 60)
"""Upper bounds of the buckets of durations, in seconds."""
UP_TO_A_BATCH = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000)
"""Upper bounds of the buckets of batch sizes, in records."""


class Metric(Struct, frozen=True, kw_only=True):
    """One metric. The name of a counter ends in `_total`; a metric in seconds says `_seconds`."""

    name: str
    kind: Kind
    unit: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


RECORDS = Metric(
    name="casefold_records_total",
    kind="counter",
    unit="records",
    labels=("topic",),
    help="Records that were processed, with their position committed.",
)
EVENTS = Metric(
    name="casefold_events_total",
    kind="counter",
    unit="records",
    help="Records that a reaction has written to the log of this service.",
)
PUBLISHED = Metric(
    name="casefold_published_total",
    kind="counter",
    unit="records",
    help="Records of the log that the broker has acknowledged. A crash may publish some twice.",
)
DUPLICATES = Metric(
    name="casefold_duplicates_total",
    kind="counter",
    unit="records",
    help="Records that were processed before, and skipped.",
)
PASSED = Metric(
    name="casefold_passed_total",
    kind="counter",
    unit="records",
    help="Records of a newer version that only inform, and were skipped.",
)
PARKED = Metric(
    name="casefold_parked_total",
    kind="counter",
    unit="records",
    labels=("topic",),
    help="Records that were parked because their case cannot go on. Timers have no topic.",
)
QUARANTINED = Metric(
    name="casefold_quarantined_total",
    kind="counter",
    unit="records",
    labels=("topic",),
    help="Records with an invalid signature, quarantined until an operator decides. Those of"
    " reference topics count again at each start until then.",
)
SEEKS_AGAIN = Metric(
    name="casefold_seeks_again_total",
    kind="counter",
    unit="times",
    labels=("topic",),
    help="How often a reader sought again, because records of its partition stayed unread.",
)
REBALANCES = Metric(
    name="casefold_rebalances_total",
    kind="counter",
    unit="times",
    labels=("change",),
    help="How often partitions were `assigned` to this replica, or `revoked` from it.",
)
NOT_COMMITTED = Metric(
    name="casefold_not_committed_total",
    kind="counter",
    unit="batches",
    labels=("reason",),
    help="Batches that were not committed: another replica owns the partition (`fenced`), a server"
    " was unreachable (`unavailable`), the database rejected the data (`rejected`).",
)
EFFECTS = Metric(
    name="casefold_effects_total",
    kind="counter",
    unit="attempts",
    labels=("kind", "result"),
    help="Attempts at effects: `done`, `postponed` to be retried, or `failed` for good.",
)
BATCH_RECORDS = Metric(
    name="casefold_batch_records",
    kind="histogram",
    unit="records",
    help="Items of one transaction: records, timers that fell due and results of effects.",
    buckets=UP_TO_A_BATCH,
)
BATCH_SECONDS = Metric(
    name="casefold_batch_seconds",
    kind="histogram",
    unit="seconds",
    help="From the start of a transaction to its commit: loading, reacting and writing.",
    buckets=UP_TO_A_MINUTE,
)
COMMIT_SECONDS = Metric(
    name="casefold_commit_seconds",
    kind="histogram",
    unit="seconds",
    help="The commit alone: mostly the flush of the database's log to disk.",
    buckets=UP_TO_A_MINUTE,
)
EFFECT_SECONDS = Metric(
    name="casefold_effect_seconds",
    kind="histogram",
    unit="seconds",
    labels=("kind",),
    help="One attempt at an effect, for instance the answer of the mail relay.",
    buckets=UP_TO_A_MINUTE,
)
CONSUMER_LAG = Metric(
    name="casefold_consumer_lag",
    kind="gauge",
    unit="records",
    labels=("topic",),
    help="Unread records in the partitions of this replica.",
)
OLDEST_UNPUBLISHED = Metric(
    name="casefold_oldest_unpublished_seconds",
    kind="gauge",
    unit="seconds",
    help="Age of the oldest record in the log of this service that is not yet published. No value"
    " while the database is unreachable.",
)
TIMERS_DUE = Metric(
    name="casefold_timers_due",
    kind="gauge",
    unit="timers",
    help="Timers of this service that fell due and have not fired. No value while the database is"
    " unreachable.",
)
PARKED_CASES = Metric(
    name="casefold_parked_cases",
    kind="gauge",
    unit="cases",
    help="Cases of this replica's partitions that cannot go on: `casefold parked list`.",
)

METRICS = (
    RECORDS,
    EVENTS,
    PUBLISHED,
    DUPLICATES,
    PASSED,
    PARKED,
    QUARANTINED,
    SEEKS_AGAIN,
    REBALANCES,
    NOT_COMMITTED,
    EFFECTS,
    BATCH_RECORDS,
    BATCH_SECONDS,
    COMMIT_SECONDS,
    EFFECT_SECONDS,
    CONSUMER_LAG,
    OLDEST_UNPUBLISHED,
    TIMERS_DUE,
    PARKED_CASES,
)
"""All metrics, in the order in which they are shown."""
