"""Personal codes: their text in a mail, how people may type them, and the stored digest.

A code is twenty letters and digits (Crockford's base 32) in five groups. The first eight are its
name, by which it is found. The others are its secret: 60 bits, stored only as an HMAC.
"""

from case_events.keyring import Keyring
from msgspec import Struct

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, NAME, GROUP = 20, 8, 4
ENTROPY = 13
"""The number of random bytes in a code."""

_READ_AS = str.maketrans("OIL", "011")
_LONGEST = 64
_PURPOSE = "casefold code in a mail"


class Code(Struct, frozen=True):
    """A typed code, split into name and secret."""

    name: str
    secret: str


def spelled(entropy: bytes) -> str:
    """The code for these random bytes. Raises ValueError if there are too few."""
    if len(entropy) < ENTROPY:
        raise ValueError(f"a code takes {ENTROPY} random bytes")
    number = int.from_bytes(entropy)
    signs = [ALPHABET[number >> 5 * place & 31] for place in range(LENGTH)]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, LENGTH, GROUP))


def read_code(text: str) -> Code | None:
    """The code in a typed text, which may have small letters, spaces, or an O for a 0; None for a
    text that is no code."""
    kept = [sign for sign in text[:_LONGEST].upper().translate(_READ_AS) if sign in ALPHABET]
    if len(kept) != LENGTH:
        return None
    return Code("".join(kept[:NAME]), "".join(kept[NAME:]))


def digests_of(secret: Keyring, code: Code) -> tuple[bytes, ...]:
    """The stored digest of a code under each secret; a new code has the first one. The platform's
    secret makes a stolen table useless, and the time of a comparison reveals nothing about a
    digest."""
    return secret.signatures(_PURPOSE, f"{code.name}:{code.secret}".encode())
