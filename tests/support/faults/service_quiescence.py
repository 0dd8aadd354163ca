"""Waiting until nothing moves on a running platform: all written is published, read, done."""

import asyncio
import time
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from case_definition.lookup.reference import Reference
from case_events.kernel import Service
from case_intake.application.react import SERVICE as INTAKE
from case_notify.application.letters import MailSettings
from case_notify.application.react import service as notify_service
from case_portal.projection import SERVICE as PORTAL
from case_sla.application.react import service as sla_service
from case_workflow.application.react import SERVICE as WORKFLOW

from tests.support.real.platform import PARTITIONS, SECRET, SERVICES, RunningPlatform


def services() -> list[Service[Any, Reference]]:
    """The five services, as they are wired on a platform for tests."""
    return [
        INTAKE,
        WORKFLOW,
        sla_service(),
        notify_service(MailSettings(SECRET.encode(), "")),
        PORTAL,
    ]


def wait_until_quiet(platform: RunningPlatform, patience: float) -> None:
    """Wait until all that was written was published, taken in and performed."""
    deadline = time.monotonic() + patience
    before: tuple[int, ...] = ()
    while True:
        waiting, written = _waiting(platform), _written(platform)
        if not waiting and written == before:
            return
        before = written
        assert time.monotonic() < deadline, f"after {patience} s it is not quiet: {waiting}"
        time.sleep(0.2)


def _written(platform: RunningPlatform) -> tuple[int, ...]:
    return tuple(
        int(platform.query(name, "SELECT coalesce(sum(sequence), 0) FROM heads")[0][0])
        for name in SERVICES
    )


def _waiting(platform: RunningPlatform) -> list[str]:
    """What is still under way, in words."""
    found: list[str] = []
    for name in SERVICES:
        unpublished = platform.query(
            name,
            "SELECT count(*) FROM heads LEFT JOIN published USING (lane)"
            " WHERE heads.sequence > coalesce(published.sequence, 0)",
        )[0][0]
        undone = platform.query(name, "SELECT count(*) FROM effects WHERE state <> 'done'")[0][0]
        found += [f"{name} publishes"] * bool(unpublished) + [f"{name} performs"] * bool(undone)
    if found:
        return found
    ends = asyncio.run(_ends(platform.kafka.bootstrap))
    for service in services():
        rows = platform.query(
            service.name, "SELECT topic, lane, max(next_offset) FROM tracking GROUP BY 1, 2"
        )
        read = {(topic, lane): offset for topic, lane, offset in rows}
        found += [
            f"{service.name} reads {topic}/{lane}: {read.get((topic, lane), 0)} of {end}"
            for (topic, lane), end in ends.items()
            if topic in service.reads and read.get((topic, lane), 0) < end
        ]
    return found


async def _ends(bootstrap: str) -> dict[tuple[str, int], int]:
    topics = {topic for service in services() for topic in service.reads}
    partitions = [TopicPartition(topic, lane) for topic in topics for lane in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
    return {(partition.topic, partition.partition): end for partition, end in ends.items()}
