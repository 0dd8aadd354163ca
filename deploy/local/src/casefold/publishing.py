"""`casefold definition publish`, `casefold directory import`: publish reference data."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

import click
from case_definition.publishing.loading import TenantDocuments, Unsound, load_tenant
from case_definition.schema.directory import Entry, entry_key, entry_kind
from case_events.contracts.base import Event, type_name
from case_events.contracts.reference import AgreementPublished, DefinitionPublished, EntryChanged
from case_events.envelope import Actor, Record
from case_events.runtime import Ids, OutboxEntry, Unavailable
from case_events.runtime.kafka import KafkaPublisher, KafkaSettings
from case_events.topics import AGREEMENTS, DEFINITIONS, DIRECTORY
from case_events.wire.codec import Codec
from case_events.wire.signing import Destination
from msgspec import to_builtins

from casefold import topology
from casefold.keys import keys_of
from casefold.ports import LOOPBACK
from casefold.published import changed, published_before
from casefold.servers import KAFKA_SETTING

Published = tuple[str, str, str, Event]
"""The topic, key, tenant and event of one record."""

_folders = click.argument(
    "folders", nargs=-1, required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)  # fmt: skip


@click.command()
@_folders
def publish(folders: tuple[Path, ...]) -> None:
    """Publish the definitions and agreements of tenants.

    Nothing of a folder is published unless the whole folder is valid. A version that was published
    before is not published again. Other content under the same version is refused.
    """
    for documents in map(read_tenant, folders):
        count = send(terms_of(documents), _bootstrap(), _codec())
        click.echo(
            f"published {documents.definition['tenant']}: {count} documents"
            if count
            else f"{documents.definition['tenant']}: nothing to do, all of it was published before"
        )


@click.group()
def directory() -> None:
    """Import customers, contacts, agents, teams and articles."""


@directory.command(name="import")
@_folders
def import_(folders: tuple[Path, ...]) -> None:
    """Publish the people (directory.yaml) and articles of tenants.

    Nothing of a folder is published unless the whole folder is valid.
    """
    for documents in map(read_tenant, folders):
        count = send(entries_of(documents), _bootstrap(), _codec())
        click.echo(f"imported {documents.definition['tenant']}: {count} entries")


def terms_of(documents: TenantDocuments) -> Iterator[Published]:
    """The definition and the agreements of a tenant, to publish."""
    tenant = documents.definition["tenant"]
    key = f"{tenant}/{documents.definition['version']}"
    yield DEFINITIONS, key, tenant, DefinitionPublished(key, dict(documents.definition))
    for agreement in documents.agreements:
        key = f"{tenant}/{agreement['id']}/{agreement['version']}"
        yield AGREEMENTS, key, tenant, AgreementPublished(key, dict(agreement))


def entries_of(documents: TenantDocuments) -> Iterator[Published]:
    """The directory of a tenant, to publish."""
    for entry in documents.directory:
        yield DIRECTORY, entry_key(entry), entry.tenant, entry_event(entry)


def entry_event(entry: Entry) -> EntryChanged:
    """The event with the current state of a directory entry."""
    return EntryChanged(entry_kind(entry), entry.id, to_builtins(entry))


def reference_record(published: Published, ids: Ids, now: datetime) -> Record:
    """The record of a document of reference data that an operator publishes."""
    _, _, tenant, event = published
    new = ids.new(now)
    return Record(
        id=new,
        type=type_name(event),
        source="casefold/0",
        tenant=tenant,
        occurred_at=now,
        recorded_at=now,
        actor=Actor(kind="operator", id="casefold"),
        channel="command",
        correlation=new,
        data=event,
    )


def read_tenant(folder: Path) -> TenantDocuments:
    """Read and check the folder of a tenant. Raises `PublishingError`."""
    try:
        return load_tenant(folder)
    except Unsound as unsound:
        raise PublishingError(f"{folder} is not published:\n{unsound}") from unsound


class PublishingError(click.ClickException):
    """Reference data could not be published; the message says why."""


class ChangedError(PublishingError):
    """The content of a published version was changed."""


def publish_documents(documents: TenantDocuments, bootstrap: str, codec: Codec) -> int:
    """Publish all documents of a tenant; the number of records. Raises `PublishingError`.

    The directory comes first, so that every person is known when the definition arrives.
    """
    return send([*entries_of(documents), *terms_of(documents)], bootstrap, codec)


def _bootstrap() -> str:
    """The address of the broker in the environment, or of the broker on this machine."""
    try:
        here = f"{LOOPBACK}:{topology.KAFKA.number(os.environ)}"
    except topology.TopologyError as error:
        raise PublishingError(str(error)) from error
    return os.environ.get("CASEFOLD_KAFKA") or os.environ.get(KAFKA_SETTING) or here


def _codec() -> Codec:
    return Codec(keys_of())


def send(published: Iterable[Published], bootstrap: str, codec: Codec) -> int:
    """Publish reference data, but no version that was published before; the number of records.

    Raises `PublishingError`, for example `ChangedError` if a published version has other content.
    """
    try:
        return asyncio.run(_publish(bootstrap, list(published), codec))
    except Unavailable as error:
        raise PublishingError(
            f"the broker at {bootstrap} does not answer: {error}; is the platform running? "
            "CASEFOLD_KAFKA says where"
        ) from error


async def _publish(bootstrap: str, published: list[Published], codec: Codec) -> int:
    cluster = KafkaSettings(kafka=bootstrap).cluster()
    ids, now = Ids(SystemRandom()), datetime.now(UTC)
    entries = []
    before = await published_before(cluster, codec)
    same, differing = changed([event for *_, event in published], before)
    if differing:
        raise ChangedError("\n".join(map(str, differing)))
    for topic, key, tenant, event in published:
        if key in same and topic in (DEFINITIONS, AGREEMENTS):
            continue
        record = reference_record((topic, key, tenant, event), ids, now)
        entries.append(
            OutboxEntry(
                partition=0, sequence=0, topic=topic, target_partition=0, key=key, case=None,
                version=0, type=record.type, value=(value := codec.encode(record)),
                headers=codec.headers(record, value, 0, Destination(topic, 0, key)),
            )
        )  # fmt: skip
    async with KafkaPublisher(cluster, "casefold") as publisher:
        await publisher.send(entries)
    return len(entries)
