"""The page of all metrics, made from the table that declares them."""

from collections.abc import Iterator

from case_events.runtime.engine.metric_table import METRICS, Metric

_HEAD = """# Metrics

Every service serves its metrics at `/metrics`, in Prometheus' text format, under the same names.
`casefold metrics page` makes this page from the table that declares them; do not edit it.

A gauge is the present value on the replica that answers. Counters begin at 0 when a process starts.
The durations of histograms are in seconds, with buckets from 1 ms to a minute.

"""
_WATCH = {
    "`casefold_parked_cases` above 0": "A case cannot go on: `casefold parked list` says why.",
    "`casefold_quarantined_total` rises": "A record has an invalid signature:"
    " `casefold quarantine list`.",
    "`casefold_oldest_unpublished_seconds` rises": "The broker does not accept records.",
    "`casefold_consumer_lag` rises": "The service lags, or has stopped: `/health/live`.",
    "`casefold_timers_due` stays high": "More timers fall due than fire, or records are unread.",
    '`casefold_effects_total{result="postponed"}` rises': "A mail relay or webhook is down.",
    '`casefold_effects_total{result="failed"}` rises': "Mails or calls were given up.",
    "`casefold_seeks_again_total` rises": "A reader lost fetched records, and read them again.",
    "`casefold_not_committed_total` rises": "A server is unstable, or a replica hangs.",
}
"""The signs that operators should watch, with their meaning."""


def metrics_page() -> str:
    """Return the page, as Markdown."""
    return _HEAD + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| name | kind | unit | labels | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    yield from map(_line, METRICS)
    yield "\n## What to watch\n"
    yield "| sign | meaning |"
    yield "| --- | --- |"
    for sign, meaning in _WATCH.items():
        yield f"| {sign} | {meaning} |"


def _line(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {metric.unit} | {labels} | {metric.help} |"
