"""What a service measures is declared in one table, and shown on one page."""

from pathlib import Path

import pytest
from case_events.runtime import EffectResult, Unavailable, WriteRejected
from case_events.runtime.engine.metric_table import METRICS, Metric
from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.ports import Fenced
from case_events.testing import virtual_time
from case_events.tools.metrics_cli import metrics as command
from case_events.tools.metrics_page import metrics_page
from click.testing import CliRunner

from tests.unit.runtime.counting import COUNTER
from tests.unit.runtime.world import Replica, World, cases

PAGE = Path(__file__).parents[3] / "docs" / "metrics.md"
A, B = cases(2)


def test_the_committed_page_is_that_of_the_table(tmp_path: Path) -> None:
    """After a change: `casefold metrics page`."""
    assert PAGE.read_text() == metrics_page()
    written = tmp_path / "metrics.md"
    assert CliRunner().invoke(command, ["page", "--file", str(written)]).exit_code == 0
    assert written.read_text() == metrics_page()


def test_a_service_has_every_metric_of_the_table_and_no_other() -> None:
    kinds = {metric.name.removesuffix("_total"): metric.kind for metric in METRICS}
    families = list(Metrics().registry.collect())
    assert {family.name: family.type for family in families} == kinds
    assert {family.documentation for family in families} == {metric.help for metric in METRICS}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_say_kind_and_unit(metric: Metric) -> None:
    assert metric.name.startswith("casefold_")
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert metric.name.endswith("_seconds") == (metric.unit == "seconds")
    assert bool(metric.buckets) == (metric.kind == "histogram")
    assert metric.help.endswith(".")


def value(replica: Replica, name: str, **labels: str) -> float:
    """A sample of a replica; 0 where it has none."""
    return replica.runtime.metrics.registry.get_sample_value(name, labels) or 0.0


def test_batches_commits_and_what_is_parked_are_measured() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        for name in ("one", "two"):
            world.send(A, name)
        world.send(B, "bad", "poison")
        await world.passes(1)
        assert value(replica, "casefold_records_total", topic="intake") == 3
        assert value(replica, "casefold_events_total") == 2
        assert value(replica, "casefold_published_total") == 2
        assert value(replica, "casefold_parked_total", topic="intake") == 1
        assert value(replica, "casefold_batch_records_sum") == 3
        batches = value(replica, "casefold_batch_records_count")
        assert batches >= 1
        for name in ("casefold_batch_seconds", "casefold_commit_seconds"):
            assert value(replica, f"{name}_count") == batches
        commit = value(replica, "casefold_commit_seconds_sum")
        assert 0 < commit <= value(replica, "casefold_batch_seconds_sum")

    virtual_time.run(trial())


def test_what_is_not_kept_is_counted_by_its_reason() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        errors = (Fenced("lost"), Unavailable("gone"), WriteRejected("ugly"))
        replica.faults.plan("commit", *errors)
        world.send(A, "one")
        await world.passes(10)
        for reason in ("fenced", "unavailable", "rejected"):
            assert value(replica, "casefold_not_committed_total", reason=reason) == 1

    virtual_time.run(trial())


def test_attempts_at_effects_are_counted_by_what_came_of_them() -> None:
    async def trial() -> None:
        world = World()
        replica = await world.start(COUNTER)
        replica.outcomes += [
            EffectResult("again", "busy"),
            EffectResult("done"),
            EffectResult("failed"),
        ]
        world.send(A, "one", "effect mail-1")
        await world.passes(10)
        world.send(B, "one", "effect mail-2")
        await world.passes(10)
        for result in ("postponed", "done", "failed"):
            counted = value(replica, "casefold_effects_total", kind="mail", result=result)
            assert counted == 1, result
        assert value(replica, "casefold_effect_seconds_count", kind="mail") == 3

    virtual_time.run(trial())


def test_partitions_that_come_and_go_are_counted() -> None:
    async def trial() -> None:
        world = World()
        first = await world.start(COUNTER)
        assert value(first, "casefold_rebalances_total", change="assigned") == 1
        await world.start(COUNTER)
        assert value(first, "casefold_rebalances_total", change="revoked") == 1

    virtual_time.run(trial())
