"""Records to bytes and back: CloudEvents headers (binary mode) and a JSON value.

`Codec` reads and writes values as they are stored and published, with the personal part sealed.
`encode_opened` and `decode_opened` handle values with a readable personal part, which never leave
the platform's own tools and tables.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from case_events.contracts.base import Event, event_class
from case_events.contracts.catalogue import WRITERS
from case_events.contracts.upcasting import Document, is_old, upcast
from case_events.envelope import Actor, Delivery, Record
from case_events.wire.attributes import attributes_of
from case_events.wire.keys import Keys
from case_events.wire.personal import CannotOpen, Seal, personal_members
from case_events.wire.signing import HEADER, Destination, Signatures


class UnreadableRecord(ValueError):
    """The bytes are no record of a known contract, or no key opens their personal part."""


class _Wire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: UUID
    type: str
    source: str
    tenant: str
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    channel: str
    correlation: UUID
    data: msgspec.Raw
    case: UUID | None = None
    causation: UUID | None = None
    definition: str = ""
    version: int = 0
    previous: str = ""
    sealed: str = ""


class CausedBy(msgspec.Struct, frozen=True, kw_only=True):
    """The members that later records copy from the record that caused them."""

    id: UUID
    source: str
    tenant: str
    correlation: UUID
    case: UUID | None = None
    definition: str = ""


_encoder = msgspec.json.Encoder()
_wire = msgspec.json.Decoder(_Wire)
_cause = msgspec.json.Decoder(CausedBy)
_decoders: dict[str, msgspec.json.Decoder[Event]] = {}


class Codec:
    """Encodes, decodes, signs and verifies the records of one platform with its keys.

    `writers` are the services that may write each topic.
    """

    def __init__(self, keys: Keys, writers: Mapping[str, frozenset[str]] = WRITERS) -> None:
        self._seal = Seal(keys.sealing)
        signatures = Signatures(keys.signing, writers)
        self.check, self._sign = signatures.check, signatures.sign

    def receive(self, delivery: Delivery) -> Record:
        """Verify and read a delivery of a Kafka client.

        Raises `Forged` if no service that writes the topic signed the record, and
        `UnreadableRecord`.
        """
        self.check(delivery)
        return self.decode(delivery.value)

    def headers(
        self,
        record: Record,
        value: bytes,
        sequence: int,
        to: Destination,
        traceparent: str = "",
    ) -> dict[str, str]:
        """Return the signed headers of a record whose position is `sequence` in the log of its
        source.

        Raises `KeyError` if there is no key of the record's service.
        """
        attributes = attributes_of(record, sequence, to.topic)
        if traceparent:
            attributes["traceparent"] = traceparent
        attributes[HEADER] = self._sign(to, attributes, value)
        return attributes

    def signed(self, headers: dict[str, str], value: bytes, to: Destination) -> dict[str, str]:
        """Return headers with the signature of the service that they name. Raises `KeyError` as
        `headers` does."""
        return headers | {HEADER: self._sign(to, headers, value)}

    def encode(self, record: Record) -> bytes:
        """Return the value of a record with its personal part sealed. The hash chain covers these
        bytes.

        The same record always gives the same bytes.
        """
        members = personal_members(type(record.data))
        if not members:
            return _encoder.encode(record)
        personal = {
            name: value
            for name, member in members.items()
            if (value := getattr(record.data, name)) != member.default
        }
        if not personal:
            return _encoder.encode(record)
        bare = replace(record.data, **{name: members[name].blank for name in personal})
        value = _encoder.encode(replace(record, data=bare))
        sealed = self._seal.close(record.id, _encoder.encode(personal))
        return b'%b,"sealed":"%b"}' % (value[:-1], sealed)

    def decode(self, value: bytes) -> Record:
        """Read a record's value: open its personal part, and upcast an old version.

        A value with a readable personal part is accepted too. Raises `UnreadableRecord` for bytes
        that are no record of a known contract, and for a personal part that cannot be opened.
        """
        try:
            wire = _wire.decode(value)
            return _record(wire, self._whole_data(wire) if wire.sealed else wire.data)
        except KeyError as error:
            raise UnreadableRecord(f"there is no contract {error}") from error
        except (msgspec.DecodeError, ValueError) as error:
            raise UnreadableRecord(str(error)) from error

    def opened(self, value: bytes) -> bytes:
        """Return a record's value with its personal part opened. Raises `UnreadableRecord`."""
        try:
            wire = _wire.decode(value)
            if not wire.sealed:
                return value
            whole = msgspec.Raw(self._whole_data(wire))
        except (msgspec.DecodeError, CannotOpen) as error:
            raise UnreadableRecord(str(error)) from error
        return _encoder.encode(replace(wire, data=whole, sealed=""))

    def _whole_data(self, wire: _Wire) -> bytes:
        part = self._seal.open(wire.id, wire.sealed)
        bare = bytes(wire.data)
        # The sealed members come last: of a member that occurs twice, the last one counts.
        return part if bare == b"{}" else b"%b,%b" % (bare[:-1], part[1:])


def encode_opened(record: Record) -> bytes:
    """Return the value of a record with its personal part readable."""
    return _encoder.encode(record)


def decode_opened(value: bytes) -> Record:
    """Read a value whose personal part is readable, or that has none.

    Raises `UnreadableRecord`.
    """
    try:
        wire = _wire.decode(value)
        if wire.sealed:
            raise UnreadableRecord("its personal part is closed")
        return _record(wire, wire.data)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise UnreadableRecord(str(error)) from error


def decode_bare(value: bytes) -> Record:
    """Read a record without its personal part, for a reader that has no key.

    Raises `UnreadableRecord`.
    """
    try:
        wire = _wire.decode(value)
        return _record(wire, wire.data)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise UnreadableRecord(str(error)) from error


def _record(wire: _Wire, data: bytes | msgspec.Raw) -> Record:
    decoder = _decoders.get(wire.type)
    return Record(
        id=wire.id,
        type=wire.type,
        source=wire.source,
        tenant=wire.tenant,
        occurred_at=wire.occurred_at,
        recorded_at=wire.recorded_at,
        actor=wire.actor,
        channel=wire.channel,
        correlation=wire.correlation,
        data=decoder.decode(data) if decoder is not None else decode_data(wire.type, data),
        case=wire.case,
        causation=wire.causation,
        definition=wire.definition,
        version=wire.version,
        previous=wire.previous,
    )


def decode_cause(value: bytes) -> CausedBy:
    """Return the members of a record's value that its consequences copy. Raises
    `UnreadableRecord`."""
    try:
        return _cause.decode(value)
    except msgspec.DecodeError as error:
        raise UnreadableRecord(str(error)) from error


def decode_data(ce_type: str, data: bytes | msgspec.Raw) -> Event:
    """Return the event of a type name and its data (JSON), upcast from an old version.

    Raises `KeyError` if no contract has the type name, and msgspec's `DecodeError` for data that
    does not fit. Code that stores the data of an event stores its type name with it, and reads both
    with this function.
    """
    decoder = _decoders.get(ce_type)
    if decoder is None:
        if is_old(ce_type):
            ce_type, document = upcast(ce_type, msgspec.json.decode(data))
            return msgspec.convert(document, event_class(ce_type))
        decoder = _decoders[ce_type] = msgspec.json.Decoder(event_class(ce_type))
    return decoder.decode(data)


def read_data(ce_type: str, data: Document) -> Event:
    """Return the event of a type name and its parsed data, upcast as by `decode_data`. Raises
    `KeyError`, and msgspec's `ValidationError` for data that does not fit."""
    ce_type, data = upcast(ce_type, data)
    return msgspec.convert(data, event_class(ce_type))


def delivery(
    *,
    topic: str,
    partition: int,
    offset: int,
    key: bytes | None,
    attributes: Sequence[tuple[str, bytes]],
    value: bytes | None,
) -> Delivery:
    """Return a record of a Kafka client as a delivery. A record of another producer has no source,
    and sequence 0."""
    texts = {name: content.decode("utf-8", "replace") for name, content in attributes}
    sequence = texts.get("ce_sequence", "")
    return Delivery(
        topic=topic,
        partition=partition,
        offset=offset,
        key=(key or b"").decode("utf-8", "replace"),
        headers=texts,
        value=value or b"",
        source=texts.get("ce_source", ""),
        sequence=int(sequence) if sequence.isdigit() else 0,
    )


def as_document(event: Event) -> dict[str, Any]:
    """Return the data of an event as plain JSON values."""
    document: dict[str, Any] = msgspec.to_builtins(event)
    return document
