"""The thread of a mail: signed tokens for its case, in the plus-address and the Message-ID.

A token is the id of the case and a signature over it, so any replica finds the case of a reply
without a lookup. It is base32 in lower case, because mail systems fold case and keep letters and
digits. Only a recipient of our mail knows the reply address, so the address vouches for its sender.
A Message-ID only says which case is meant. The two kinds of token are not interchangeable.
"""

import re
from base64 import b32decode, b32encode
from collections.abc import Iterator
from hashlib import sha256
from hmac import compare_digest
from typing import Final
from uuid import UUID

from msgspec import Struct

from case_events.keyring import Keyring

LONGEST_LOCAL_PART: Final = 64
"""The most characters before the `@` that every mail system accepts (RFC 5321)."""

_PURPOSE = "casefold thread"
_ADDRESS, _PUBLIC = 1, 2
_HEAD_BYTES = 17
_SIGNATURE_BYTES = 10
_LENGTH = 44
_IN_ADDRESS = re.compile(rf"[^\s<>@]+\+([a-z2-7]{{{_LENGTH}}})@[^\s<>@]+", re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf"<?([a-z2-7]{{{_LENGTH}}})\.[a-z2-7]+@[^\s<>@]+>?", re.IGNORECASE)


class ThreadToken(Struct, frozen=True):
    """The case that a mail replies to.

    `public`: the original mail was for the contact to read. `vouches`: the reply came to the signed
    reply address, which only recipients of our mail have.
    """

    case: UUID
    public: bool
    vouches: bool


def reply_address(secret: Keyring, tenant: str, case: UUID, address: str, *, public: bool) -> str:
    """Return the tenant's address with the token of the case in its plus part, or `address` itself
    if the result would be longer than mail systems accept."""
    local, _, domain = address.rpartition("@")
    signed = f"{local}+{_token(secret, tenant, case, _ADDRESS, public=public)}"
    return f"{signed}@{domain}" if len(signed) <= LONGEST_LOCAL_PART else address


def message_id(
    secret: Keyring, tenant: str, case: UUID, distinct: str, domain: str, *, public: bool
) -> str:
    """Return a Message-ID of the case, with its angle brackets. The same `distinct` gives the same
    id."""
    token = _token(secret, tenant, case, 0, public=public)
    return f"{token}.{fingerprint(distinct)}@{domain}"


def fingerprint(distinct: str) -> str:
    """Return 16 characters that identify a text, for use in a Message-ID."""
    return b32encode(sha256(distinct.encode()).digest()[:10]).decode().lower()


def read_token(secret: Keyring, tenant: str, text: str) -> ThreadToken | None:
    """Return the case in an address or Message-ID, or None if its token is missing, altered, or
    made for another tenant."""
    in_address, in_message_id = _IN_ADDRESS.fullmatch(text), _IN_MESSAGE_ID.fullmatch(text)
    found = in_address or in_message_id
    if found is None:
        return None
    token = found[1].lower()
    head = b32decode(token.upper() + "====")[:_HEAD_BYTES]
    if not any(compare_digest(token, own) for own in _signed(secret, tenant, head)):
        return None
    if bool(head[0] & _ADDRESS) != bool(in_address):
        return None
    return ThreadToken(UUID(bytes=head[1:]), bool(head[0] & _PUBLIC), bool(in_address))


def _token(secret: Keyring, tenant: str, case: UUID, kind: int, *, public: bool) -> str:
    head = bytes([kind | (_PUBLIC if public else 0)]) + case.bytes
    return next(_signed(secret, tenant, head))


def _signed(secret: Keyring, tenant: str, head: bytes) -> Iterator[str]:
    """Yield the tokens with this head, one under each secret; the first one is used."""
    for signature in secret.signatures(_PURPOSE, tenant.encode() + b"\0" + head):
        token = b32encode(head + signature[:_SIGNATURE_BYTES])
        yield token.decode().rstrip("=").lower()
