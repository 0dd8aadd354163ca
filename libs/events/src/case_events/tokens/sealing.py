"""Sealed values: readable by the services of the platform only, in Kafka and in databases.

The cipher is AES-256-GCM, under a key derived from the secret that the services of a platform
share. A value that was sealed in one context does not open in another.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from case_events.keyring import Keyring

NONCE = 12
_PURPOSE = "casefold sealed values"


class InvalidSeal(ValueError):
    """A value was not sealed under this secret in this context, or was altered since."""


def seal(secret: Keyring, context: str, values: Mapping[str, str]) -> str:
    """Seal values, so that only a holder of the secret can read them, and only in this context."""
    nonce = os.urandom(NONCE)
    cipher = AESGCM(secret.keys(_PURPOSE)[0])
    sealed = cipher.encrypt(nonce, msgspec.json.encode(dict(values)), context.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def opened(secret: Keyring, context: str, sealed: str) -> dict[str, str]:
    """Return the values that were sealed under any secret of the keyring. Raises `InvalidSeal`."""
    for key in secret.keys(_PURPOSE):
        try:
            raw = urlsafe_b64decode(sealed)
            plain = AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], context.encode())
        except (InvalidTag, ValueError):
            continue
        return msgspec.json.decode(plain, type=dict[str, str])
    raise InvalidSeal(f"a sealed value of {context} cannot be opened")
