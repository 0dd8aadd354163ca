"""The personal part of a record, which is stored and published sealed.

The personal members leave the data of an event and go, encrypted, into one field of its record. A
reader with the key gets the whole event back; a reader without the key gets all other members.
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
from case_events.keyring import derive

_PURPOSE = "casefold personal part of records"
_KEY_BYTES = 64
_EMPTY: dict[Any, Any] = {str: "", bytes: b"", tuple: ()}


class CannotOpen(ValueError):
    """A sealed part was altered, or belongs to another record."""


class NoSuchKey(CannotOpen):
    """A sealed part names an unknown key."""


class PersonalMember(Struct, frozen=True):
    """A personal member of an event: its default, and the value that replaces it in the data."""

    default: Any
    blank: Any


class Seal:
    """Seals and opens with AES-SIV (RFC 5297), which is deterministic.

    The same part of the same record always gives the same text. A part that was moved to another
    record does not open.
    """

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        self._ciphers = {
            key: AESSIV(derive(secret, _PURPOSE, _KEY_BYTES)) for key, secret in secrets.items()
        }
        first = next(iter(self._ciphers))
        self._used, self._prefix = self._ciphers[first], f"{first}.".encode()

    def close(self, record: UUID, part: bytes) -> bytes:
        """Return a sealed part: the id of the key, a full stop, and the ciphertext in base64."""
        sealed = self._used.encrypt(part, [record.bytes])
        return self._prefix + b2a_base64(sealed, newline=False)

    def open(self, record: UUID, sealed: str) -> bytes:
        """Return the opened part. Raises `NoSuchKey` and `CannotOpen`."""
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
    """Return the members of an event that are personal or contain something personal.

    These are `personal`, each member that is annotated with `PERSONAL`, and each list or part with
    such a member in it.
    """
    return {
        field.name: PersonalMember(field.default, _blank(field))
        for field in msgspec.structs.fields(event)
        if _is_personal(field.name, field.type)
    }


def _blank(field: msgspec.structs.FieldInfo) -> Any:
    """Return the value that replaces a member in the data: its default, or an empty value for a
    required member."""
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
