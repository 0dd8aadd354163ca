"""Personal codes: what a mail carries, how it is typed, and the hash that is kept of it.

A code is twenty letters and digits (Crockford's base 32) in five groups. The first eight are the
name that it is found by, the others its secret: 60 bits, kept as an HMAC alone.
"""

import hmac
from hashlib import sha256

from msgspec import Struct

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, NAME, GROUP = 20, 8, 4
ENTROPY = 13
"""Random bytes that a code is made of."""

_READ_AS = str.maketrans("OIL", "011")
_LONGEST = 64


class Code(Struct, frozen=True):
    """A code as it was typed, taken apart."""

    name: str
    secret: str


def spelled(entropy: bytes) -> str:
    """The code that random bytes make. Raises ValueError where they are too few."""
    if len(entropy) < ENTROPY:
        raise ValueError(f"a code takes {ENTROPY} random bytes")
    number = int.from_bytes(entropy)
    signs = [ALPHABET[number >> 5 * place & 31] for place in range(LENGTH)]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, LENGTH, GROUP))


def read_code(text: str) -> Code | None:
    """A code however it is typed: small letters, spaces, an O for a 0; None where it is none."""
    kept = [sign for sign in text[:_LONGEST].upper().translate(_READ_AS) if sign in ALPHABET]
    if len(kept) != LENGTH:
        return None
    return Code("".join(kept[:NAME]), "".join(kept[NAME:]))


def digest_of(secret: bytes, code: Code) -> bytes:
    """What is kept of a code, and looked for. The platform's secret makes that a stolen table is of
    no use, and that nobody can come nearer to a digest by the time that it takes to compare."""
    return hmac.digest(secret, f"code:{code.name}:{code.secret}".encode(), sha256)
