"""The personal part of a record, which is stored and published closed.

What is said of a person leaves the data of an event and stands in one sealed field of its record.
Whoever has the key gets the event back whole; whoever has not reads all the rest.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from msgspec import NODEFAULT, Struct

from case_events.contracts.base import Event
from case_events.contracts.parts import PERSONAL
from case_events.wire.keys import derive

_PURPOSE = "casefold personal part of records"
_KEY_BYTES = 64
_EMPTY: dict[Any, Any] = {str: "", bytes: b"", tuple: ()}


class CannotOpen(ValueError):
    """A sealed part was not closed for this record, or was altered since."""


class NoSuchKey(CannotOpen):
    """A sealed part names a key that is not among ours."""


class PersonalMember(Struct, frozen=True):
    """A member of an event that is personal: what stands for nothing said, and in its place."""

    default: Any
    blank: Any


class Seal:
    """Closes and opens with AES-SIV (RFC 5297), which is deterministic.

    The same part of the same record is the same text each time. A part that stands in another
    record does not open there.
    """

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        self._ciphers = {
            key: AESSIV(derive(secret, _PURPOSE, _KEY_BYTES)) for key, secret in secrets.items()
        }
        first = next(iter(self._ciphers))
        self._used, self._prefix = self._ciphers[first], f"{first}.".encode()

    def close(self, record: UUID, part: bytes) -> bytes:
        """The id of the key, a full stop, and the sealed part in base64."""
        sealed = self._used.encrypt(part, [record.bytes])
        return self._prefix + b2a_base64(sealed, newline=False)

    def open(self, record: UUID, sealed: str) -> bytes:
        """The part that was closed. Raises `NoSuchKey` and `CannotOpen`."""
        key, _, text = sealed.partition(".")
        cipher = self._ciphers.get(key)
        if cipher is None:
            raise NoSuchKey(f"there is no key {key!r} to open the personal part with")
        try:
            return cipher.decrypt(a2b_base64(text, strict_mode=True), [record.bytes])
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("the personal part cannot be opened") from error


@cache
def personal_members(event: type[Event]) -> dict[str, PersonalMember]:
    """The members of an event that are personal, or hold something that is.

    `personal` is; so is what is annotated with `PERSONAL`, and every list and part with such a
    member in it.
    """
    return {
        field.name: PersonalMember(field.default, _blank(field))
        for field in msgspec.structs.fields(event)
        if _is_personal(field.name, field.type)
    }


def _blank(field: msgspec.structs.FieldInfo) -> Any:
    """What stands in the data instead: nothing, or something empty where it is always there."""
    if field.default is not NODEFAULT:
        return field.default
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    kind = get_args(field.type)[0] if get_origin(field.type) is Annotated else field.type
    return _EMPTY.get(get_origin(kind) or kind, {})


def _is_personal(name: str, kind: Any) -> bool:
    if name == "personal":
        return True
    if get_origin(kind) is Annotated:
        bare, *notes = get_args(kind)
        return PERSONAL in notes or _is_personal("", bare)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return any(_is_personal(f.name, f.type) for f in msgspec.structs.fields(kind))
    return any(_is_personal("", inner) for inner in get_args(kind))
