"""The keys of records, made from the settings of a platform.

Each key has an id, which is stored with everything that the key made. Several keys are valid at the
same time: the first one is used, and all are accepted. So keys are rotated without a stop.
"""

from collections.abc import Mapping

from msgspec import Struct

from case_events.keyring import secrets_of


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
