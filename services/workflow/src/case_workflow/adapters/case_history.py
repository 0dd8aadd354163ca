"""The history of all cases as an application of the `eventsourcing` library.

A `Record` is its domain event. The library's mapper turns what the log stores into a record, with
old versions of contracts upcast, and a record into the bytes that the log stores.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from case_events.envelope import Record
from case_events.wire.codec import Codec, UnreadableRecord
from eventsourcing.application import Application, LocalNotificationLog
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    ApplicationRecorder,
    Mapper,
    MapperDeserialisationError,
    Notification,
    StoredEvent,
    Transcoder,
)
from eventsourcing.utils import Environment, EnvType

PAGE = 1000
"""Events of one partition that are read at once, at most."""


class Recorders(Protocol):
    """Makes the recorder of one partition; without a partition, one that reads cases alone."""

    def __call__(self, partition: int | None = None) -> ApplicationRecorder: ...


class RecordTranscoder(Transcoder):
    """Records to the bytes of the wire and back, by the platform's codec."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def encode(self, obj: Record) -> bytes:
        """The value of a record."""
        return self._codec.encode(obj)

    def decode(self, data: bytes) -> Record:
        """The record of a value, old versions upcast. Raises `UnreadableRecord`."""
        return self._codec.decode(data)


class RecordMapper(Mapper[UUID]):
    """Records to stored events and back. Their topic is the stable type name of the event."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """A record of a history as the log stores it."""
        assert isinstance(domain_event, Record)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.type,
            state=self.transcoder.encode(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Record:
        """The record that the log stores. Raises `MapperDeserialisationError`."""
        try:
            record: Record = self.transcoder.decode(stored_event.state)
        except UnreadableRecord as error:
            raise MapperDeserialisationError(str(error)) from error
        return record


class CaseHistory(Application[UUID]):
    """Every case's history: `events.get(case)` for one case, `pages(partition)` for all.

    Nothing of it is set by the environment, and nothing is written through it.
    """

    name = "workflow"
    log_section_size = PAGE
    mapper: RecordMapper

    def __init__(self, recorders: Recorders, codec: Codec) -> None:
        self._recorders, self._codec = recorders, codec
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Settings of the library that the process happens to have change nothing here."""
        return Environment(name, env)

    def construct_recorder(self) -> ApplicationRecorder:
        """The recorder that reads cases."""
        return self._recorders()

    def construct_transcoder(self) -> Transcoder:
        """The platform's codec."""
        return RecordTranscoder(self._codec)

    def construct_mapper(self) -> RecordMapper:
        """What makes records of stored events."""
        return RecordMapper(self.construct_transcoder())

    def follow(self, partition: int) -> LocalNotificationLog:
        """The events of one partition, to be selected in pages of `PAGE` at most."""
        return LocalNotificationLog(self._recorders(partition), self.log_section_size)

    def pages(self, partition: int, after: int = 0) -> Iterator[Sequence[Notification]]:
        """Every event of one partition after a position, page by page, until there is no more."""
        log = self.follow(partition)
        while page := log.select(after, PAGE, inclusive_of_start=False):
            yield page
            after = page[-1].id
