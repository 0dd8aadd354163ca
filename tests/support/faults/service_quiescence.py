"""Waits for quiescence of a running platform: everything that was written is published, read and
done."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
from aiokafka import AIOKafkaConsumer, TopicPartition
from case_definition.lookup.reference import Reference
from case_events.kernel import Service
from case_events.testing.keys import SECRET
from case_intake.application.react import SERVICE as INTAKE
from case_notify.application.mail_composition import MailSettings
from case_notify.application.react import service as notify_service
from case_portal.projection import SERVICE as PORTAL
from case_sla.application.react import service as sla_service
from case_workflow.application.react import SERVICE as WORKFLOW
from psycopg.rows import TupleRow

from tests.support.real.platform import PARTITIONS, SERVICES, RunningPlatform


def services() -> list[Service[Any, Reference]]:
    """The five services, as they are wired on a platform for tests."""
    return [
        INTAKE,
        WORKFLOW,
        sla_service(),
        notify_service(MailSettings(SECRET, "")),
        PORTAL,
    ]


SERVED = services()
TOPICS = sorted({topic for service in SERVED for topic in service.topics})


def wait_until_quiet(platform: RunningPlatform, timeout: float) -> None:
    """Wait until everything that was written has been published, processed and performed."""
    with _Look(platform) as look:
        deadline = time.monotonic() + timeout
        before: tuple[int, ...] = ()
        while True:
            waiting, written = look.waiting(), look.written()
            if not waiting and written == before:
                return
            before = written
            assert time.monotonic() < deadline, f"after {timeout} s it is not quiet: {waiting}"
            time.sleep(0.2)


class _Look:
    """The databases and the broker of a platform, over connections that stay open."""

    def __init__(self, platform: RunningPlatform) -> None:
        self._platform = platform
        self._open = ExitStack()
        self._databases: dict[str, psycopg.Connection[TupleRow]] = {}

    def __enter__(self) -> "_Look":
        with ExitStack() as opening:
            for name in SERVICES:
                connected = psycopg.connect(self._platform.database(name), autocommit=True)
                self._databases[name] = opening.enter_context(connected)
            self._runner = opening.enter_context(asyncio.Runner())
            self._consumer = self._runner.run(_started(self._platform.kafka.bootstrap))
            opening.callback(lambda: self._runner.run(self._consumer.stop()))
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def _rows(self, name: str, statement: str) -> list[TupleRow]:
        return self._databases[name].execute(statement.encode()).fetchall()

    def written(self) -> tuple[int, ...]:
        """The last sequence that each service has written."""
        last = "SELECT coalesce(sum(sequence), 0) FROM log_positions"
        return tuple(int(self._rows(name, last)[0][0]) for name in SERVICES)

    def waiting(self) -> list[str]:
        """The unfinished work, in words."""
        found: list[str] = []
        for name in SERVICES:
            unpublished = self._rows(
                name,
                "SELECT count(*) FROM log_positions LEFT JOIN published USING (partition)"
                " WHERE log_positions.sequence > coalesce(published.sequence, 0)",
            )[0][0]
            undone = self._rows(name, "SELECT count(*) FROM effects WHERE state <> 'done'")[0][0]
            found += [f"{name} publishes"] * bool(unpublished)
            found += [f"{name} performs"] * bool(undone)
        return found or [*self._unread()]

    def _unread(self) -> Iterator[str]:
        partitions = [TopicPartition(topic, at) for topic in TOPICS for at in range(PARTITIONS)]
        ends = self._runner.run(self._consumer.end_offsets(partitions))
        for service in SERVED:
            last = "SELECT topic, partition, max(next_offset) FROM tracking GROUP BY 1, 2"
            rows = self._rows(service.name, last)
            read = {(topic, partition): offset for topic, partition, offset in rows}
            for place, end in ends.items():
                had = read.get((place.topic, place.partition), 0)
                if place.topic in service.topics and had < end:
                    yield f"{service.name} reads {place.topic}/{place.partition}: {had} of {end}"


async def _started(bootstrap: str) -> AIOKafkaConsumer:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    return consumer
