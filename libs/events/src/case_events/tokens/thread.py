"""The thread of a mail: signed tokens for its case, in its addresses and its Message-ID.

A token is the id of the case and a signature over it, so any replica finds the case of a reply
without a lookup. It is base32 in lower case, because mail systems fold case and keep letters and
digits. Only a recipient of our mail knows the reply address, so the address vouches for its sender.
A Message-ID only says which case is meant. The return address is the sender of the envelope, to
which mail servers report; it also has a mark of the mail. People never write to it. The kinds of
token are not interchangeable.
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
_ADDRESS, _PUBLIC, _RETURN = 1, 2, 4
_HEAD_BYTES = 17
_MARK_BYTES = 3
_SIGNATURE_BYTES = 10
_LENGTH = 44
_RETURN_LENGTH = 48
_IN_ADDRESS = re.compile(rf"[^\s<>@]+\+([a-z2-7]{{{_LENGTH}}})@[^\s<>@]+", re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf"<?([a-z2-7]{{{_LENGTH}}})\.[a-z2-7]+@[^\s<>@]+>?", re.IGNORECASE)

_IN_RETURN_ADDRESS = re.compile(
    rf"[^\s<>@]+\+([a-z2-7]{{{_RETURN_LENGTH}}})@[^\s<>@]+", re.IGNORECASE
)


class ThreadToken(Struct, frozen=True):
    """The case that a mail replies to.

    `public`: the original mail was for the contact to read. `vouches`: the reply came to the signed
    reply address, which only recipients of our mail have.
    """

    case: UUID
    public: bool
    vouches: bool


class ReturnToken(Struct, frozen=True):
    """The case of a mail that came back, and the mark of the mail: see `mark_of`."""

    case: UUID
    mark: str


def reply_address(secret: Keyring, tenant: str, case: UUID, address: str, *, public: bool) -> str:
    """Return the tenant's address with the token of the case in its plus part, or `address` itself
    if the result would be longer than mail systems accept."""
    return _tagged(address, _token(secret, tenant, case, _ADDRESS, public=public))


def return_address(secret: Keyring, tenant: str, case: UUID, address: str, message_id: str) -> str:
    """Return the tenant's address to which mail servers report about one mail, or `address` itself
    if the result would be longer than mail systems accept."""
    head = bytes([_RETURN]) + case.bytes + bytes.fromhex(mark_of(message_id))
    return _tagged(address, next(_signed(secret, tenant, head)))


def mark_of(message_id: str) -> str:
    """Return the mark of a mail: six hexadecimal digits, which tell apart the mails of one case."""
    return sha256(message_id.encode()).digest()[:_MARK_BYTES].hex()


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


def read_return(secret: Keyring, tenant: str, address: str) -> ReturnToken | None:
    """Return the case and the mark in a return address, or None if its token is missing, altered,
    or made for another tenant."""
    found = _IN_RETURN_ADDRESS.fullmatch(address)
    if found is None:
        return None
    token = found[1].lower()
    head = b32decode(token.upper())[: _HEAD_BYTES + _MARK_BYTES]
    signed = _signed(secret, tenant, head)
    if head[0] != _RETURN or not any(compare_digest(token, one) for one in signed):
        return None
    return ReturnToken(UUID(bytes=head[1:_HEAD_BYTES]), head[_HEAD_BYTES:].hex())


def _tagged(address: str, token: str) -> str:
    local, _, domain = address.rpartition("@")
    tagged = f"{local}+{token}"
    return f"{tagged}@{domain}" if len(tagged) <= LONGEST_LOCAL_PART else address


def _token(secret: Keyring, tenant: str, case: UUID, kind: int, *, public: bool) -> str:
    head = bytes([kind | (_PUBLIC if public else 0)]) + case.bytes
    return next(_signed(secret, tenant, head))


def _signed(secret: Keyring, tenant: str, head: bytes) -> Iterator[str]:
    """Yield the tokens with this head, one under each secret; the first one is used."""
    for signature in secret.signatures(_PURPOSE, tenant.encode() + b"\0" + head):
        token = b32encode(head + signature[:_SIGNATURE_BYTES])
        yield token.decode().rstrip("=").lower()
