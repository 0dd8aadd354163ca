"""The page that shows every metric, made of the table that declares them."""

from collections.abc import Iterator

from case_events.runtime.engine.metric_table import METRICS, Metric

_HEAD = """# Metrics

Every service serves its metrics at `/metrics`, in Prometheus' text format, under the same names.
`casefold metrics page` writes this page from the table that declares them; do not edit it here.

A gauge says how things stand on the replica that is asked. Counters begin at 0 when a process
starts. The time of a histogram is in seconds, with buckets from 1 ms to a minute.

"""
_WATCH = {
    "`casefold_parked_cases` above 0": "A case cannot go on: `casefold parked list` says why.",
    "`casefold_quarantined_total` rises": "A record does not come from whom it names:"
    " `casefold quarantine list`.",
    "`casefold_oldest_unpublished_seconds` rises": "The broker does not take what is written.",
    "`casefold_consumer_lag` rises": "The service is behind, or stands still: `/health/live`.",
    "`casefold_timers_due` stays high": "More falls due than fires, or records lie unread.",
    '`casefold_effects_total{result="postponed"}` rises': "A mail relay or a webhook is away.",
    '`casefold_effects_total{result="failed"}` rises': "Mails or calls were given up for good.",
    "`casefold_seeks_again_total` rises": "A reader lost what it had fetched, and read it again.",
    "`casefold_not_committed_total` rises": "A server comes and goes, or a replica hangs.",
}
"""What operators should look at, and what it says."""


def metrics_page() -> str:
    """The page, as Markdown."""
    return _HEAD + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| name | kind | unit | labels | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    yield from map(_line, METRICS)
    yield "\n## What to watch\n"
    yield "| sign | what it says |"
    yield "| --- | --- |"
    for sign, meaning in _WATCH.items():
        yield f"| {sign} | {meaning} |"


def _line(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {metric.unit} | {labels} | {metric.help} |"
