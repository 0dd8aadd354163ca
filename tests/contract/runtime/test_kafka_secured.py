"""Kafka behind TLS and SASL: every client of the platform reaches it by the same settings."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_events.runtime import Unavailable
from case_events.runtime.kafka import (
    KafkaCluster,
    KafkaInbox,
    KafkaPublisher,
    KafkaSettings,
    ReferenceFeed,
)
from casefold.project import JAR_CACHE, PROJECT
from casefold.topics import TopicSettings, apply_topics
from faststream.security import SASLPlaintext, SASLScram256, SASLScram512
from pydantic import SecretStr, ValidationError

from tests.contract.runtime.samples import entry
from tests.contract.runtime.test_inbox_and_publisher import Listener, taken
from tests.contract.runtime.test_kafka_inbox import nothing
from tests.support.real.secured_kafka import PASSWORD, USER, SecuredKafka

TOPIC = TopicSettings("secured", 2, 1, {"min.insync.replicas": "1"})


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecuredKafka]:
    """A secured broker, and the settings that reach it."""
    kafka = SecuredKafka(tmp_path / "kafka", cache=JAR_CACHE)
    for name, value in {
        "_TLS": "true",
        "_CA": str(kafka.folder / "ca.pem"),
        "_CERTIFICATE": str(kafka.folder / "client.pem"),
        "_SASL": "plain",
        "_USER": USER,
        "_PASSWORD": PASSWORD,
    }.items():
        monkeypatch.setenv(f"CASEFOLD_KAFKA{name}", value)
    try:
        kafka.start()
        yield kafka
    finally:
        kafka.stop()


@pytest.mark.real
def test_every_client_gets_in_by_the_settings_and_none_without(
    secured: SecuredKafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Topics, publisher, inbox and feed; then the broker is gone, and the inbox ends all the
    same."""

    async def main() -> None:
        cluster = KafkaSettings(kafka=secured.bootstrap).cluster()
        assert await apply_topics(secured.bootstrap, [TOPIC]) == [TOPIC.name]
        inbox = KafkaInbox(cluster, "secured", [TOPIC.name])
        feed = ReferenceFeed(cluster, "secured", nothing, [TOPIC.name])
        await inbox.start(Listener(inbox, [TOPIC.name]))
        try:
            async with KafkaPublisher(cluster, "secured") as publisher:
                await publisher.send([entry(n, topic=TOPIC.name) for n in (1, 2, 3)])
            assert [d.offset for d in await taken(inbox, 3)] == [0, 1, 2]
            await feed.catch_up()
            await feed.stop()
            await inbox.commit_offsets({(TOPIC.name, 0): 3})
            with pytest.raises(Unavailable):
                await KafkaPublisher(KafkaCluster(secured.bootstrap), "nobody").__aenter__()
            wrong = KafkaSettings(kafka=secured.bootstrap, kafka_password=SecretStr("wrong"))
            with pytest.raises(Unavailable, match="secured"):
                await KafkaInbox(wrong.cluster(), "nobody", [TOPIC.name]).start(Listener(inbox, []))
            secured.kill()
            for place in ("inbox", "subscription"):
                monkeypatch.setattr(f"case_events.runtime.kafka.{place}.ANSWER_WITHIN", 1.0)
            assert await inbox.take(0.2, 9) == []
            await inbox.commit_offsets({(TOPIC.name, 0): 2})
            with pytest.raises(Unavailable):
                await inbox.end_offsets(0)
        finally:
            await inbox.stop()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("sasl", "security"),
    [
        ("plain", SASLPlaintext),
        ("scram-sha-256", SASLScram256),
        ("scram-sha-512", SASLScram512),
    ],
)
def test_the_mechanism_is_the_one_that_is_set(sasl: str, security: type) -> None:
    given = {"kafka": "a:1,b:2", "kafka_sasl": sasl, "kafka_user": USER, "kafka_password": PASSWORD}
    cluster = KafkaSettings.model_validate(given).cluster()
    assert type(cluster.security) is security
    options = cluster.options()
    assert options["security_protocol"] == "SASL_PLAINTEXT"
    assert options["sasl_mechanism"] == sasl.upper()
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == (USER, PASSWORD)


def test_nothing_is_secured_unless_it_is_set() -> None:
    cluster = KafkaSettings(kafka="here:9092").cluster()
    assert cluster.options() == {"bootstrap_servers": "here:9092"}
    assert KafkaSettings(kafka="here:9092", kafka_tls=True).cluster().options()["ssl_context"]


def test_one_module_makes_every_broker() -> None:
    """So that nothing connects without what the settings say."""
    made = [
        file.name
        for folder in ("libs", "services", "deploy", "examples")
        for file in (PROJECT / folder).rglob("*.py")
        if "KafkaBroker(" in file.read_text() or "AIOKafkaConsumer(" in file.read_text()
    ]
    assert made == ["broker.py"]


@pytest.mark.parametrize(
    "given",
    [{"kafka_ca": "ca.pem"}, {"kafka_sasl": "plain"}, {"kafka_user": "somebody"}],
)
def test_settings_that_do_not_fit_together_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        KafkaSettings.model_validate({"kafka": "here:9092"} | given)
