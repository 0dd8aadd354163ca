"""The servers that tests and `casefold up` use: real, and durable through SIGKILL."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from casefold.embedded import EmbeddedKafka, EmbeddedPostgres
from casefold.embedded.postgres import remove_data
from casefold.process import FolderInUseError
from casefold.project import JAR_CACHE, TOPICS_FILE
from casefold.topics import TopicError, TopicSettings, apply_topics, read_topics

from tests.support.real.servers import Databases, fresh_topics

pytestmark = pytest.mark.real

PLAIN = {"min.insync.replicas": "1"}

START_AND_DIE = """
import os, signal, sys
from pathlib import Path
from casefold.embedded import EmbeddedKafka, EmbeddedPostgres
from casefold.project import JAR_CACHE
folder = Path(sys.argv[1])
kafka = EmbeddedKafka(folder / "kafka", int(sys.argv[2]), cache=JAR_CACHE)
postgres = EmbeddedPostgres(folder / "postgres", int(sys.argv[3]))
kafka.start(), postgres.start()
print(kafka.pid, postgres.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


async def produce(bootstrap: str, topic: str, value: bytes) -> None:
    """Write one record and wait until the broker has it."""
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key=b"case")
    finally:
        await producer.stop()


async def consume(bootstrap: str, topic: str) -> bytes:
    """Read the first record of a topic."""
    consumer: Any = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        record = await asyncio.wait_for(consumer.getone(), 20)
        return bytes(record.value)
    finally:
        await consumer.stop()


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[EmbeddedKafka]:
    """A broker of the test's own, to be killed."""
    broker = EmbeddedKafka(tmp_path / "kafka", cache=JAR_CACHE)
    yield broker
    broker.stop()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, to be killed."""
    server = EmbeddedPostgres(tmp_path / "postgres")
    yield server
    server.stop()
    remove_data(tmp_path / "postgres")


def test_a_record_goes_through_the_kafka_of_this_run(kafka_bootstrap: str) -> None:
    """The platform's topics exist under a prefix of the test's own."""
    prefix = asyncio.run(fresh_topics(kafka_bootstrap, ["cases", "directory"]))
    asyncio.run(produce(kafka_bootstrap, prefix + "cases", b"fact"))
    assert asyncio.run(consume(kafka_bootstrap, prefix + "cases")) == b"fact"


def test_applying_topics_again_changes_nothing_and_another_count_is_refused(
    kafka_bootstrap: str,
) -> None:
    """Cases never move between partitions: a partition count is set once."""
    topics = [
        TopicSettings("t-count.cases", 4, 1, PLAIN),
        TopicSettings("t-count.intake", 4, 1, PLAIN),
    ]
    assert asyncio.run(apply_topics(kafka_bootstrap, topics)) == [
        "t-count.cases",
        "t-count.intake",
    ]
    assert asyncio.run(apply_topics(kafka_bootstrap, topics)) == []
    wider = [TopicSettings("t-count.cases", 8, 1, PLAIN), TopicSettings("t-count.new", 8, 1, PLAIN)]
    with pytest.raises(TopicError, match=r"t-count\.cases has 4 partitions, not 8"):
        asyncio.run(apply_topics(kafka_bootstrap, wider))
    assert "t-count.new" not in asyncio.run(topic_names(kafka_bootstrap))


async def topic_names(bootstrap: str) -> list[str]:
    """All topics of a broker."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return list(await admin.list_topics())
    finally:
        await admin.close()


def test_topics_keyed_by_case_have_one_partition_count() -> None:
    """So partition p is one line from intake to cases and on; production has 48."""
    topics = {topic.name: topic for topic in read_topics(TOPICS_FILE)}
    assert {
        topics[name].partitions for name in ("intake", "commands", "cases", "sla", "notices")
    } == {48}
    assert topics["cases"].settings["retention.ms"] == "-1"
    assert topics["cases"].settings["min.insync.replicas"] == "2"
    for name in ("definitions", "agreements", "directory"):
        assert topics[name].settings["cleanup.policy"] == "compact"
        assert topics[name].partitions == 1


def test_a_record_survives_the_kill_of_kafka(kafka: EmbeddedKafka) -> None:
    """SIGKILL, then a start on the same data and port."""
    kafka.start()
    asyncio.run(apply_topics(kafka.bootstrap, [TopicSettings("cases", 1, 1, PLAIN)]))
    asyncio.run(produce(kafka.bootstrap, "cases", b"kept"))
    kafka.kill()
    kafka.start()
    assert asyncio.run(consume(kafka.bootstrap, "cases")) == b"kept"


def test_a_row_survives_the_kill_of_postgresql(postgres: EmbeddedPostgres) -> None:
    """SIGKILL with a session open, then a start on the same data, port and password."""
    url = postgres.start()
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert connection.execute("SHOW fsync").fetchone() == ("on",)
    postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    assert postgres.start() == url
    with psycopg.connect(url) as again:
        assert again.execute("SELECT answer FROM kept").fetchall() == [(42,)]


def test_servers_die_with_the_process_that_started_them(
    kafka: EmbeddedKafka, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    """SIGKILL of that process; the next one starts on the same data and ports at once."""
    ports = [str(kafka.port), str(postgres.port)]
    died = subprocess.run(
        [sys.executable, "-c", START_AND_DIE, str(tmp_path), *ports],
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    kafka.start()
    postgres.start()
    for pid in map(int, died.stdout.split()):
        assert not psutil.pid_exists(pid)


def test_a_stranger_with_a_leftovers_number_is_left_alone(postgres: EmbeddedPostgres) -> None:
    """A pid file counts only together with the start time of the process."""
    pid_file = postgres.folder / "postgres.pid"
    pid_file.parent.mkdir(parents=True)
    pid_file.write_text(f'{{"pid": {os.getpid()}, "started": {time.time() - 10_000}}}')
    postgres.start()
    assert postgres.alive()


def test_a_folder_serves_one_server_at_a_time(postgres: EmbeddedPostgres) -> None:
    """A second one is refused, and the first one goes on."""
    url = postgres.start()
    with pytest.raises(FolderInUseError, match=str(os.getpid())):
        EmbeddedPostgres(postgres.folder).start()
    psycopg.connect(url).close()


calls: list[str] = []


def migrate(url: str) -> None:
    """A migration that counts its calls."""
    calls.append(url)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE migrated (id int)")


def test_fresh_databases_are_copies_of_a_template_migrated_once(databases: Databases) -> None:
    """And what one test writes no other test sees."""
    first, second = databases.fresh(migrate), databases.fresh(migrate)
    assert len(calls) == 1
    with psycopg.connect(first) as connection:
        connection.execute("INSERT INTO migrated VALUES (1)")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT count(*) FROM migrated").fetchone() == (0,)
    with psycopg.connect(databases.fresh()) as connection:
        assert connection.execute("SELECT to_regclass('migrated')").fetchone() == (None,)
