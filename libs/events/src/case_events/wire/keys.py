"""The keys of a platform, by purpose, made from its settings.

Each key has an id, which is stored with everything that the key made. Several keys are valid at the
same time: the first one is used, and all are accepted. So keys are rotated without a stop.
"""

import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

LEAST = 32
"""The least length of a secret, in bytes."""
_ID = re.compile(r"[a-z0-9-]{1,32}")


class BadKey(ValueError):
    """A setting holds no usable key. The message names the setting."""


class Keys(Struct, frozen=True, kw_only=True):
    """Secrets by key id. The first of each mapping is used; all are accepted.

    `sealing` seals the personal part of records. `signing` has the keys of each service, and of
    `casefold` for the records that its commands publish.
    """

    sealing: Mapping[str, bytes]
    signing: Mapping[str, Mapping[str, bytes]]


def keys_of(sealing: Mapping[str, str], signing: Mapping[str, Mapping[str, str]]) -> Keys:
    """Return the keys in the settings `sealing_keys` and `signing_keys`. Raises `BadKey`."""
    return Keys(
        sealing=secrets_of(sealing, "sealing_keys"),
        signing={service: secrets_of(own, f"signing_keys of {service}")
                 for service, own in signing.items()},
    )  # fmt: skip


def secrets_of(setting: Mapping[str, str], what: str) -> dict[str, bytes]:
    """Return the secrets of a setting that maps key ids to hexadecimal digits, of 32 bytes or more.

    Raises `BadKey` if the setting is empty, or has an id or a secret of another form.
    """
    if not setting:
        raise BadKey(f"{what}: there is no key")
    return {_checked_id(key, what): _secret(text, what) for key, text in setting.items()}


def derive(secret: bytes, purpose: str, length: int) -> bytes:
    """Derive a key of `length` bytes for one purpose (HKDF). A key for one purpose reveals nothing
    about a key for another."""
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
