"""Keys for tests: one for sealing, and one for signing for each service that writes topics."""

from collections.abc import Mapping
from typing import Final

from case_events.contracts.catalogue import WRITERS
from case_events.keyring import Keyring, keyring_of
from case_events.wire.codec import Codec
from case_events.wire.keys import Keys, keys_of

SEALING: Final = {"test": "5ea1" * 16}
"""The setting `sealing_keys`: key id to hexadecimal digits."""

SECRET_TEXT: Final = "7e57" * 16
"""The setting `secret`."""
SECRET: Final[Keyring] = keyring_of(SECRET_TEXT)
ANOTHER_SECRET: Final[Keyring] = keyring_of("0dd5" * 16)


def signing_keys(*services: str) -> dict[str, dict[str, str]]:
    """The setting `signing_keys`: a key for each writer of the catalogue and each service given."""
    signers = sorted(frozenset(services).union(*WRITERS.values()))
    return {signer: {"test": "51c9" * 16} for signer in signers}


def keys(*services: str) -> Keys:
    """The keys of each writer of the catalogue and of each service given."""
    return keys_of(SEALING, signing_keys(*services))


def codec(*services: str, writers: Mapping[str, frozenset[str]] = WRITERS) -> Codec:
    """A codec under these keys. `writers` are the services that may write each topic."""
    return Codec(keys(*services), writers)
