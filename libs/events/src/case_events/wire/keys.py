"""The keys of a platform, by purpose. Settings say them; this is what is made of them.

A key has an id, which stands with all that was made with it. Several keys are valid side by side:
the first one is used, and all of them are accepted, so that keys can be changed without a stop.
"""

import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

LEAST = 32
"""Bytes of secret that a key is made of, at least."""
_ID = re.compile(r"[a-z0-9-]{1,32}")


class BadKey(ValueError):
    """A setting holds no usable key; the message says which."""


class Keys(Struct, frozen=True, kw_only=True):
    """Secrets by key id; the first of each is used, all are accepted.

    `sealing` closes the personal part of records. `signing` has the keys of each service, and of
    `casefold`, under which it signs what it publishes.
    """

    sealing: Mapping[str, bytes]
    signing: Mapping[str, Mapping[str, bytes]]


def keys_of(sealing: Mapping[str, str], signing: Mapping[str, Mapping[str, str]]) -> Keys:
    """The keys that the settings `sealing_keys` and `signing_keys` hold. Raises `BadKey`."""
    return Keys(
        sealing=secrets_of(sealing, "sealing_keys"),
        signing={service: secrets_of(own, f"signing_keys of {service}")
                 for service, own in signing.items()},
    )  # fmt: skip


def secrets_of(setting: Mapping[str, str], what: str) -> dict[str, bytes]:
    """The secrets of a setting: from key id to at least 32 bytes in hexadecimal digits.

    Raises `BadKey` for an id or a secret of another form, and where there is none.
    """
    if not setting:
        raise BadKey(f"{what}: there is no key")
    return {_checked_id(key, what): _secret(text, what) for key, text in setting.items()}


def derive(secret: bytes, purpose: str, length: int) -> bytes:
    """A key of so many bytes for one purpose: what one purpose tells says nothing of another."""
    return HKDF(SHA256(), length=length, salt=None, info=purpose.encode()).derive(secret)


def _checked_id(key: str, what: str) -> str:
    if not _ID.fullmatch(key):
        raise BadKey(f"{what}: {key!r} is no id of a key (letters, digits and hyphens)")
    return key


def _secret(text: str, what: str) -> bytes:
    try:
        secret = bytes.fromhex(text)
    except ValueError as error:
        raise BadKey(f"{what}: a key is written in hexadecimal digits") from error
    if len(secret) < LEAST:
        raise BadKey(f"{what}: a key has at least {LEAST} bytes")
    return secret
