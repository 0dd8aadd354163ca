"""Sealed values: readable by the services of the platform only, in Kafka and in databases.

The cipher is AES-256-GCM, under a key derived from the secret that the services of a platform
share. A value that was sealed in one context does not open in another.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class InvalidSeal(ValueError):
    """A value was not sealed under this secret in this context, or was altered since."""


def seal(secret: bytes, context: str, values: Mapping[str, str]) -> str:
    """Seal values, so that only a holder of the secret can read them, and only in this context.

    Raises `ValueError` if the secret is empty.
    """
    nonce = os.urandom(NONCE)
    sealed = _cipher(secret).encrypt(nonce, msgspec.json.encode(dict(values)), context.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def opened(secret: bytes, context: str, sealed: str) -> dict[str, str]:
    """Return the values that were sealed. Raises `InvalidSeal`."""
    try:
        raw = urlsafe_b64decode(sealed)
        plain = _cipher(secret).decrypt(raw[:NONCE], raw[NONCE:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise InvalidSeal(f"a sealed value of {context} cannot be opened") from error
    return msgspec.json.decode(plain, type=dict[str, str])


@lru_cache(maxsize=8)
def _cipher(secret: bytes) -> AESGCM:
    if not secret:
        raise ValueError("sealing needs a secret")
    key = HKDF(SHA256(), length=32, salt=None, info=b"casefold sealed values").derive(secret)
    return AESGCM(key)
