"""Secrets by id, and the keys that are derived from them.

A secret is never a key itself: each purpose has a key of its own. Several secrets are valid at the
same time: the first one is used, and all are accepted. So a secret is changed without a stop.
"""

import hmac
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LEAST: Final = 32
"""The least length of a secret, in bytes."""
SECRET_SETTING: Final = "CASEFOLD_SECRET"  # noqa: S105 - the name of the setting
KEY_BYTES: Final = 32
_ID = re.compile(r"[a-z0-9-]{1,32}")


class BadKey(ValueError):
    """A setting holds no usable key. The message names the setting and the rule."""


def derive(secret: bytes, purpose: str, length: int) -> bytes:
    """Derive a key of `length` bytes for one purpose (HKDF with SHA-256, RFC 5869).

    A key for one purpose reveals nothing about a key for another.
    """
    return HKDF(SHA256(), length=length, salt=None, info=purpose.encode()).derive(secret)


def secrets_of(setting: Mapping[str, str], what: str) -> dict[str, bytes]:
    """Return the secrets of a setting that maps key ids to hexadecimal digits, of 32 bytes or more.

    Raises `BadKey` if the setting is empty, or has an id or a secret of another form.
    """
    if not setting:
        raise BadKey(f"{what}: there is no key")
    return {_checked_id(key, what): _secret(text, what) for key, text in setting.items()}


class Keyring:
    """The secrets that the services of a platform share, in the order of the setting.

    What needs a signature names its purpose. A signature for one purpose never fits another.
    """

    def __init__(self, secrets: Mapping[str, bytes]) -> None:
        if not secrets:
            raise BadKey("a keyring has at least one secret")
        self._secrets = tuple(secrets.values())
        self._keys: dict[str, tuple[bytes, ...]] = {}

    def keys(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys of 32 bytes for a purpose, one for each secret; the first one is used."""
        keys = self._keys.get(purpose)
        if keys is None:
            keys = tuple(derive(secret, purpose, KEY_BYTES) for secret in self._secrets)
            self._keys[purpose] = keys
        return keys

    def sign(self, purpose: str, message: bytes) -> bytes:
        """Return the HMAC-SHA-256 of a message, 32 bytes, under the first secret."""
        return hmac.digest(self.keys(purpose)[0], message, sha256)

    def signatures(self, purpose: str, message: bytes) -> tuple[bytes, ...]:
        """Return the HMAC-SHA-256 of a message under every secret, in their order."""
        return tuple(hmac.digest(key, message, sha256) for key in self.keys(purpose))

    def fits(self, purpose: str, message: bytes, signature: bytes) -> bool:
        """Whether a signature was made for this purpose, under any of the secrets."""
        own = self.signatures(purpose, message)
        return any(hmac.compare_digest(one, signature) for one in own)


def keyring_of(text: str, what: str = SECRET_SETTING) -> Keyring:
    """Return the keyring in a setting: one secret in hexadecimal digits, or a JSON object of ids to
    such secrets. Raises `BadKey`, which names the setting and the rule."""
    rule = f"{what} is {LEAST} bytes or more in hexadecimal digits, or a JSON object of ids to such"
    if not text.strip():
        raise BadKey(f"{rule}; it is empty")
    if not text.lstrip().startswith("{"):
        return Keyring(secrets_of({"1": text.strip()}, rule))
    try:
        held = json.loads(text)
    except ValueError as error:
        raise BadKey(f"{rule}; it is no JSON: {error}") from error
    if not all(isinstance(secret, str) for secret in held.values()):
        raise BadKey(f"{rule}; a secret in it is no text")
    return Keyring(secrets_of(held, rule))


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
