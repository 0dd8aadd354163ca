"""Signatures of records: a MAC by the service that published the record, which every reader
verifies."""

from collections.abc import Mapping
from hashlib import blake2b
from hmac import compare_digest
from typing import NamedTuple

import msgspec

from case_events.contracts.catalogue import WRITERS, writer
from case_events.envelope import Delivery
from case_events.keyring import derive

HEADER = "ce_mac"
SIGNED = (
    "ce_id",
    "ce_type",
    "ce_source",
    "ce_time",
    "ce_tenant",
    "ce_sequence",
    "ce_correlation",
    "ce_causation",
    "ce_case",
    "ce_version",
    "ce_purpose",
    "ce_needs",
)
"""The headers that the MAC covers. Readers rely on no other headers."""
_ABSENT = ("",) * len(SIGNED)

_PURPOSE = "casefold MAC of records"
_KEY_BYTES = 32
_MAC_BYTES = 16
_encoder = msgspec.json.Encoder()


class Destination(NamedTuple):
    """The topic, partition and key of a record that is to be published."""

    topic: str
    partition: int
    key: str


class Forged(Exception):
    """A record was not signed by the service that it names, or this service does not write the
    topic."""


class Signatures:
    """Signs records for their services, and verifies them.

    The MAC (keyed BLAKE2b, RFC 7693, 128 bits) covers topic, partition, key, the headers in
    `SIGNED` and the value. So a record is valid only at the place where its service published it,
    unaltered. `writers` are the services that may write each topic.
    """

    def __init__(
        self,
        secrets: Mapping[str, Mapping[str, bytes]],
        writers: Mapping[str, frozenset[str]] = WRITERS,
    ) -> None:
        self._writers = writers
        self._keys = {
            service: {key: _begun(derive(secret, f"{_PURPOSE} of {service}", _KEY_BYTES))
                      for key, secret in own.items()}
            for service, own in secrets.items()
        }  # fmt: skip
        self._used = {service: next(iter(own.items())) for service, own in self._keys.items()}
        self._keys_on = {
            (topic, service): own
            for topic, allowed in writers.items()
            for service, own in self._keys.items()
            if writer(service) in allowed
        }

    def services(self) -> frozenset[str]:
        """Return the services that have a key here."""
        return frozenset(self._keys)

    def sign(self, to: Destination, headers: Mapping[str, str], value: bytes) -> str:
        """Return the value of the header `ce_mac`: the id of the key, a full stop, and the MAC in
        hex.

        Raises `KeyError` if there is no key of the record's service.
        """
        key_id, begun = self._used[headers["ce_source"].partition("/")[0]]
        return f"{key_id}.{_mac(begun, to, headers, value)}"

    def check(self, delivery: Delivery) -> None:
        """Verify a delivery. Raises `Forged`, with the reason as a sentence."""
        service = delivery.source.partition("/")[0]
        keys = self._keys_on.get((delivery.topic, service), {})
        if not keys and writer(service) not in self._writers.get(delivery.topic, ()):
            raise Forged(f"{service!r} does not write {delivery.topic}")
        key_id, _, mac = delivery.headers.get(HEADER, "").partition(".")
        if not mac:
            raise Forged("it has no signature")
        begun = keys.get(key_id)
        if begun is None:
            raise Forged(f"there is no key {key_id!r} of {service}")
        came_to = delivery.topic, delivery.partition, delivery.key
        own = _mac(begun, came_to, delivery.headers, delivery.value)
        if not compare_digest(own.encode(), mac.encode()):
            raise Forged(f"it was not signed by {service}, or was altered since")


def _begun(key: bytes) -> blake2b:
    """Return a MAC that has taken in its key. Each record continues a copy of it."""
    return blake2b(key=key, digest_size=_MAC_BYTES)


def _mac(begun: blake2b, to: tuple[str, int, str], headers: Mapping[str, str], value: bytes) -> str:
    mac = begun.copy()
    # A JSON array has an unambiguous end: no two records give the same bytes.
    mac.update(_encoder.encode((*to, *map(headers.get, SIGNED, _ABSENT))))
    mac.update(value)
    return mac.hexdigest()
