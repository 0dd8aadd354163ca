"""Months of case histories, written directly into a workflow database, and its API over them."""

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
import psycopg
import uvicorn
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event, type_name
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    CommentAdded,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.intake import CaseCreated
from case_events.envelope import SYSTEM, Record, digest
from case_events.runtime.postgres import migrate
from case_events.testing.keys import SECRET
from case_events.topics import CASES
from case_events.wire.signing import Destination
from case_workflow.adapters import MIGRATIONS
from case_workflow.adapters.history import HistoryReader
from case_workflow.adapters.log_datastore import LogDatastore
from case_workflow.entrypoints.api import history_api
from casefold.ports import free_port
from msgspec.structs import replace
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from tests.support.wire import codec

COLUMNS = (
    "partition, sequence, topic, target_partition, key, case_id, version, type, headers, value"
)
TYPES = ("int4", "int8", "text", "int4", "text", "uuid", "int8", "text", "jsonb", "bytea")

SNAPSHOTS = """
INSERT INTO snapshots (case_id, partition, version, digest, state)
SELECT last.case_id, last.partition, last.version, encode(sha256(last.value), 'hex'),
    jsonb_build_object(
    'case', jsonb_build_object('reference', first.record #>> '{data,reference}'),
    'definition', first.record ->> 'definition')
FROM (SELECT DISTINCT ON (case_id) * FROM log ORDER BY case_id, version DESC) AS last
JOIN (SELECT case_id, convert_from(value, 'UTF8')::jsonb AS record FROM log WHERE version = 1)
    AS first ON first.case_id = last.case_id
ON CONFLICT DO NOTHING
"""
"""For each case the reference, the definition, and the hash with which its chain continues."""


def prepare(url: str) -> None:
    """The tables of a workflow database."""
    asyncio.run(migrate(url, MIGRATIONS))


def history(
    number: int, start: datetime, definition: Definition, agreement: str, chance: Random
) -> list[Record]:
    """The history of one case over some days: answered, paused, resolved, closed."""
    statuses = definition.statuses.values()
    active = [status.name for status in statuses if status.kind == "active"]
    paused = next(status.name for status in statuses if status.pauses)
    resolved = next(status.name for status in statuses if status.kind == "resolved")
    final = next(status.name for status in statuses if status.kind == "final")
    kind = next(iter(definition.case_types.values()))
    terms = agreement.split("/")
    hours = sorted(chance.uniform(0.1, 60) for _ in range(6))
    events: list[tuple[float, Event]] = [
        (0, CaseCreated(definition.reference(start.year, number), kind.name, terms[1], "x", "nl")),
        (0, AgreementApplied(agreement)),
        (0, PriorityAssessed(chance.choice(definition.document.priorities.scale))),
        (0, StatusChanged(active[0], reason="created")),
        (0, CaseAssigned(next(iter(definition.teams)), reason="routed")),
        (hours[0], StatusChanged(active[-1], active[0], "take_up")),
        (hours[1], CommentAdded("1", "agent", True)),
        (hours[2], StatusChanged(paused, active[-1], "ask")),
        (hours[3], CommentAdded("2", "contact", True)),
        (hours[3], StatusChanged(active[-1], paused, "back", reason="contact_replied")),
        (hours[4], StatusChanged(resolved, active[-1], "resolve")),
        (hours[5], StatusChanged(final, resolved, "agree")),
    ]
    case = UUID(int=(0x0190 << 112) | (0x7 << 76) | (0b10 << 62) | number)
    return [
        Record(
            id=UUID(int=(number << 16) | version),
            type=type_name(event),
            source="workflow/0",
            tenant=definition.tenant,
            occurred_at=start + timedelta(hours=after),
            recorded_at=start + timedelta(hours=after),
            actor=SYSTEM,
            channel="mail",
            correlation=case,
            definition=definition.key,
            case=case,
            version=version,
            data=event,
        )
        for version, (after, event) in enumerate(events, 1)
    ]


def write(
    url: str, cases: Iterator[list[Record]] | Sequence[list[Record]], partitions: int = 1
) -> int:
    """Copy histories into the log, chained, with their snapshots. Returns the number of records.

    The cases are distributed over the partitions in turn.
    """
    last = dict.fromkeys(range(partitions), 0)
    with psycopg.connect(url) as db, db.cursor() as cursor:
        with cursor.copy(f"COPY log ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(TYPES)
            for number, records in enumerate(cases):
                partition, previous = number % partitions, ""
                for one in records:
                    last[partition] += 1
                    place, of = last[partition], Destination(CASES, partition, str(one.case))
                    value = codec.encode(replace(one, previous=previous))
                    headers = codec.headers(one, value, place, of)
                    previous = digest(value)
                    copy.write_row(
                        (partition, place, CASES, partition, of.key, one.case, one.version,
                         one.type, Jsonb(headers, dumps=msgspec.json.encode), value)
                    )  # fmt: skip
        cursor.executemany(
            "INSERT INTO log_positions (partition, sequence) VALUES (%s, %s)"
            " ON CONFLICT (partition) DO UPDATE SET sequence = excluded.sequence",
            list(last.items()),
        )
        cursor.execute(SNAPSHOTS)
        db.commit()
        cursor.execute("ANALYZE log")
    return sum(last.values())


@contextmanager
def serving(url: str, reference: Reference) -> Iterator[str]:
    """Workflow's internal API over a database. Yields its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config("", port=port, log_level="error"))

    async def serve() -> None:
        async with AsyncConnectionPool(url, min_size=1, max_size=4, open=False) as pool:
            with closing(LogDatastore(url)) as datastore:
                history = HistoryReader(pool, datastore, codec)
                server.config.app = history_api(history, reference, SECRET)
                await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    timeout = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < timeout, "the API did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
