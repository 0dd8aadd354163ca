"""Replicas of the ringing service on real servers, timers put in their table, and the count."""

import asyncio
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any
from uuid import UUID, uuid4

import psycopg
from aiokafka import AIOKafkaProducer
from case_events.contracts.base import Event, type_name
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.notices import NoticeSuppressed
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Cause
from case_events.runtime.postgres import migrate
from case_events.topics import partition_of
from case_events.wire.signing import Destination
from casefold import process
from casefold.databases import OWN
from casefold.ports import free_port
from casefold.topics import TopicSettings, apply_topics

from tests.support.faults.timer_service.bootstrap import HEARD, TOPIC
from tests.support.real.platform import PARTITIONS, RunningPlatform, eventually
from tests.support.real.service_processes import ServiceProcess, start_service
from tests.support.wire import codec

SESSION_TIMEOUT = 3
SHOWN = 4_000


@dataclass
class Ringing:
    """A database and a topic of one test's own; `expected` says when each case has to ring."""

    platform: RunningPlatform
    name: str = field(default_factory=lambda: f"ringing_{uuid4().hex[:8]}")
    expected: dict[UUID, datetime] = field(default_factory=dict)
    heard: Counter[UUID] = field(default_factory=Counter)
    replicas: list[ServiceProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.marks = Path(mkdtemp(dir=self.platform.folder, prefix="marks-"))
        self.settings = self.platform.create_databases(self.name)[self.name]
        self.url = self.settings[OWN]
        asyncio.run(migrate(self.url))
        topic = TopicSettings(self.name, PARTITIONS, 1, {})
        asyncio.run(apply_topics(self.platform.kafka.bootstrap, [topic]))

    def start(self, *faults: str) -> ServiceProcess:
        """One more replica, with these faults."""
        module = "tests.support.faults.timer_service"
        command = ["tests.support.faults.service", ",".join(faults), module] if faults else [module]
        environment = self.platform.environment("") | self.settings | {
            "CASEFOLD_HTTP_PORT": str(free_port()),
            "CASEFOLD_SESSION_TIMEOUT": str(SESSION_TIMEOUT),
            "CASEFOLD_MARKS": str(self.marks),
            TOPIC: self.name,
        }  # fmt: skip
        log = self.platform.folder / f"{self.name}-{len(self.replicas)}.log"
        started = start_service(command, log, environment)
        self.replicas.append(started)
        return started

    def wake(self, replica: ServiceProcess) -> None:
        """Let a replica go on that stands still."""
        replica.send_signal(signal.SIGCONT)

    def wait_until_it_tried(self, replica: ServiceProcess) -> None:
        """Wait until a replica that woke was refused, or has fired what it held."""
        log = self.platform.folder / f"{self.name}-{self.replicas.index(replica)}.log"
        eventually(
            lambda: "not committed" in log.read_text() or self.query("SELECT FROM log LIMIT 1"),
            40, "it tried to fire",
        )  # fmt: skip

    def stop(self) -> None:
        """End what still runs; where a test failed, it shows what they logged."""
        for log in sorted(self.platform.folder.glob(f"{self.name}-*.log")):
            print(log.name, log.read_text()[-SHOWN:], sep="\n")
        for replica in self.replicas:
            if replica.poll() is None:
                process.kill(replica)

    def wait_for_mark(self, name: str) -> None:
        """Wait until a replica came to a point."""
        eventually((self.marks / name).exists, 40, f"a replica came to {name}")

    def fill(self, count: int, first: float, last: float) -> list[UUID]:
        """Timers of so many cases, due between so many seconds from now; the cases."""
        now, chance = self.now(), Random(7)
        cases = [uuid4() for _ in range(count)]
        with (
            psycopg.connect(self.url) as db,
            db.cursor().copy(
                "COPY timers (case_id, name, partition, due, cause) FROM STDIN"
            ) as rows,
        ):
            for case in cases:
                due = now + timedelta(seconds=chance.uniform(first, last))
                self.expected[case] = due
                rows.write_row(
                    (case, "ring", partition_by_case(case), due, codec.encode(_record(case)))
                )
        return cases

    def move(self, cases: Sequence[UUID], later: float) -> int:
        """Set these timers so many seconds later, those that have not fired; how many."""
        moved = self.query(
            "UPDATE timers SET due = due + make_interval(secs => %s)"
            " WHERE case_id = ANY(%s) RETURNING case_id, due", later, list(cases),
        )  # fmt: skip
        self.expected |= dict(moved)
        return len(moved)

    def clear(self, cases: Sequence[UUID]) -> int:
        """Clear these timers, those that have not fired; how many."""
        cleared = self.query(
            "DELETE FROM timers WHERE case_id = ANY(%s) RETURNING case_id", list(cases)
        )
        for (case,) in cleared:
            del self.expected[case]
        return len(cleared)

    def answer(self, cases: Sequence[UUID]) -> None:
        """Publish a record for each of these cases, in this order: it clears the case's timer."""
        for case in cases:
            self.expected.pop(case, None)
        self._publish(cases, "")

    def tell(self, cases: Sequence[UUID]) -> None:
        """Publish a record for each of these cases that is heard, and clears nothing."""
        self.heard.update(cases)
        self._publish(cases, HEARD)

    def have_heard(self) -> int:
        """How many cases have heard all that they were told, as their service remembers it."""
        kept = self.query("SELECT case_id, (state->>'heard')::int FROM snapshots")
        return sum(1 for case, heard in kept if 0 < self.heard[case] == heard)

    def _publish(self, cases: Sequence[UUID], word: str) -> None:
        source = f"intake/{uuid4()}"

        async def send() -> None:
            async with AIOKafkaProducer(bootstrap_servers=self.platform.kafka.bootstrap) as to:
                sent = [
                    await to.send(self.name, **_signed(self.name, case, word, source, sequence))
                    for sequence, case in enumerate(cases, 1)
                ]
                await asyncio.gather(*sent)

        asyncio.run(send())

    def left(self) -> int:
        """How many timers have neither fired nor been cleared."""
        return int(self.query("SELECT count(*) FROM timers")[0][0])

    def owners(self) -> set[int]:
        """The processes that own partitions."""
        return {
            int(owner.rpartition("/")[2]) for (owner,) in self.query("SELECT owner FROM partitions")
        }

    def now(self) -> datetime:
        """The database's clock."""
        now: datetime = self.query("SELECT clock_timestamp()")[0][0]
        return now.astimezone(UTC)

    def count(self, timeout: float) -> int:
        """Wait until no timer is left. AssertionError where one did not fire once, at its due or
        after it, with all that was heard, or fired though it must not; else how many fired."""
        eventually(lambda: self.left() == 0, timeout, "no timer is left")
        fired: dict[UUID, list[datetime]] = {}
        early, unheard = [], []
        for case, value in self.query("SELECT case_id, value FROM log"):
            record = codec.decode(value)
            assert isinstance(record.data, NoticeSuppressed)
            due = datetime.fromisoformat(record.data.notice)
            fired.setdefault(case, []).append(due)
            early += [case] if record.recorded_at < due else []
            unheard += [case] if record.data.about != self.heard[case] else []
        wanted = {case: [due.astimezone(UTC)] for case, due in self.expected.items()}
        wrong = [case for case in wanted.keys() | fired if wanted.get(case) != fired.get(case)]
        assert not wrong and not early and not unheard, (
            f"counted wrong: {len(wrong)} of {len(wanted)}, {len(early)} early,"
            f" {len(unheard)} without what was heard before,"
            f" {[(wanted.get(case), fired.get(case)) for case in wrong[:3]]}"
        )
        return len(fired)

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the database; tried again while it starts."""
        with psycopg.connect(self.url, autocommit=True) as db:
            return db.execute(statement.encode(), values).fetchall()


def partition_by_case(case: UUID) -> int:
    """The partition of a case."""
    return partition_of(str(case), PARTITIONS)


def _signed(topic: str, case: UUID, word: str, source: str, sequence: int) -> dict[str, Any]:
    """What is sent of a record, as a log of intake's own would publish it."""
    value = codec.encode(_record(case, ReplyReceived(found_by=word, participant=True)))
    named = {"ce_tenant": "acme", "ce_source": source, "ce_sequence": str(sequence)}
    headers = codec.signed(named, value, Destination(topic, partition_by_case(case), str(case)))
    return {
        "value": value,
        "key": str(case).encode(),
        "partition": partition_by_case(case),
        "headers": [(name, text.encode()) for name, text in headers.items()],
    }


def _record(case: UUID, event: Event | None = None) -> Record:
    now = datetime.now(UTC)
    data = event or Cause()
    return Record(
        id=uuid4(), type=type_name(data), source="", tenant="acme", occurred_at=now,
        recorded_at=now, actor=SYSTEM, channel="mail", correlation=case, case=case, data=data,
    )  # fmt: skip
