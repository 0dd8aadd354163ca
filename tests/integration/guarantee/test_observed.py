"""What operators see: traces, health, metrics, logs (issue 3, point 18)."""

import json
import re
from urllib.request import urlopen
from uuid import UUID

import pytest
from case_events.runtime.engine.metric_table import METRICS

from tests.integration.guarantee.collector import Collector
from tests.support.faults.history_counts import count, read_histories
from tests.support.faults.mail_counts import Senders, conversations
from tests.support.real.platform import SERVICES, RunningPlatform, eventually

pytestmark = pytest.mark.real


@pytest.fixture
def case(platform: RunningPlatform) -> UUID:
    """A case that came in by mail, with all that followed."""
    with Senders(platform.ports["smtp"], conversations(1, 1, "to be seen")) as senders:
        senders.send_all()
    count(platform, senders.mails)
    [case] = read_histories(platform, senders.mails)
    return case


def test_one_trace_follows_a_mail_through_all_five_services(
    platform: RunningPlatform, case: UUID, collector: Collector
) -> None:
    [(traceparent,)] = platform.query(
        "workflow",
        "SELECT headers ->> 'traceparent' FROM log WHERE case_id = %s AND version = 1",
        case,
    )
    trace = traceparent.split("-")[1]
    eventually(
        lambda: {span.service for span in collector.spans(trace)} == set(SERVICES),
        20,
        f"spans of all services came: {collector.spans(trace)}",
    )
    spans = collector.spans(trace)
    assert [span.service for span in spans if not span.parent] == ["intake"]
    print(f"{len(spans)} spans of one mail: {sorted((s.service, s.name) for s in spans)}")


def test_health_and_metrics_say_what_operators_ask(platform: RunningPlatform, case: UUID) -> None:
    for name in SERVICES:
        says_what_operators_ask(platform, name)


def says_what_operators_ask(platform: RunningPlatform, name: str) -> None:
    """A service that is well, and has nothing to do."""
    assert json.loads(get(platform, name, "/health/live"))["live"] is True
    ready = json.loads(get(platform, name, "/health/ready"))
    assert ready["reference_data"]
    assert ready["joined"]
    metrics = measured(platform, name)
    names = {re.sub(r"_(bucket|count|sum|created)$", "", key.partition("{")[0]) for key in metrics}
    assert names >= {metric.name for metric in METRICS if not metric.labels}
    assert {"casefold_consumer_lag", "casefold_records_total"} <= names
    assert metrics["casefold_commit_seconds_count"] > 0
    assert metrics["casefold_batch_records_sum"] > 0
    assert metrics['casefold_rebalances_total{change="assigned"}'] > 0
    assert metrics["casefold_timers_due"] == 0
    assert metrics["casefold_parked_cases"] == 0
    assert metrics["casefold_oldest_unpublished_seconds"] == 0
    assert {v for metric, v in metrics.items() if metric.startswith("casefold_consumer_lag")} == {0}
    assert sum(v for metric, v in metrics.items() if metric.startswith("casefold_records_total"))


def test_logs_are_json_and_name_tenant_and_case(platform: RunningPlatform, case: UUID) -> None:
    for name in SERVICES:
        lines = [line for line in platform.log(name).splitlines() if line.startswith("{")]
        for entry in map(json.loads, lines):
            assert entry["service"] == name
            assert {"event", "level", "timestamp"} <= entry.keys()
    kept = [json.loads(line) for line in platform.log("intake").splitlines() if str(case) in line]
    assert kept
    for entry in kept:
        assert entry["tenant"]
        assert entry["case"] == str(case)


def get(platform: RunningPlatform, name: str, path: str) -> bytes:
    """What a service answers to a GET."""
    with urlopen(platform.url(name, path), timeout=10) as answer:
        body: bytes = answer.read()
    return body


def measured(platform: RunningPlatform, name: str) -> dict[str, float]:
    """Every metric of a service, with its labels, and its value."""
    lines = get(platform, name, "/metrics").decode().splitlines()
    pairs = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {metric: float(value) for metric, _, value in pairs}
