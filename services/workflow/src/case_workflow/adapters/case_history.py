"""The history of all cases as an application of the `eventsourcing` library.

A `Record` is its domain event. The mapper of the library decodes the bytes in the log to a record,
upcasts old versions of events, and encodes a record to the bytes in the log.
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
"""The largest number of events of one partition in one query."""


class Recorders(Protocol):
    """Makes the recorder of a partition; without a partition, a recorder that only reads cases."""

    def __call__(self, partition: int | None = None) -> ApplicationRecorder: ...


class RecordTranscoder(Transcoder):
    """Encodes and decodes records with the codec of the platform."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def encode(self, obj: Record) -> bytes:
        """The encoded value of a record."""
        return self._codec.encode(obj)

    def decode(self, data: bytes) -> Record:
        """The record of an encoded value, upcast. Raises `UnreadableRecord`."""
        return self._codec.decode(data)


class RecordMapper(Mapper[UUID]):
    """Converts records to stored events and back. `topic` is the stable type name of the event."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The stored event of a record."""
        assert isinstance(domain_event, Record)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.type,
            state=self.transcoder.encode(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Record:
        """The record of a stored event. Raises `MapperDeserialisationError`."""
        try:
            record: Record = self.transcoder.decode(stored_event.state)
        except UnreadableRecord as error:
            raise MapperDeserialisationError(str(error)) from error
        return record


class CaseHistory(Application[UUID]):
    """The histories of all cases: `pages(partition)` reads the events of a partition, `mapper` and
    `recorder` those of one case.

    It is read-only, and no environment variable configures it.
    """

    name = "workflow"
    log_section_size = PAGE
    mapper: RecordMapper

    def __init__(self, recorders: Recorders, codec: Codec) -> None:
        self._recorders, self._codec = recorders, codec
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """The given environment alone, without the variables of the process."""
        return Environment(name, env)

    def construct_recorder(self) -> ApplicationRecorder:
        """The recorder that reads cases."""
        return self._recorders()

    def construct_transcoder(self) -> Transcoder:
        """The platform's codec."""
        return RecordTranscoder(self._codec)

    def construct_mapper(self) -> RecordMapper:
        """Converts between records and stored events."""
        return RecordMapper(self.construct_transcoder())

    def follow(self, partition: int) -> LocalNotificationLog:
        """The notification log of a partition, with at most `PAGE` events in a section."""
        return LocalNotificationLog(self._recorders(partition), self.log_section_size)

    def pages(self, partition: int, after: int = 0) -> Iterator[Sequence[Notification]]:
        """Every event of a partition after the position `after`, in pages of at most `PAGE`."""
        log = self.follow(partition)
        while page := log.select(after, PAGE, inclusive_of_start=False):
            yield page
            after = page[-1].id
