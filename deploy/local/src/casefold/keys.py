"""The keys of a platform: from the environment, or made for this machine at the first start."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import click
from case_events.contracts.catalogue import INTEGRATION, WRITERS, may_read_signatures_of
from case_events.keyring import LEAST, SECRET_SETTING, BadKey
from case_events.wire.keys import Keys
from case_events.wire.keys import keys_of as keys_of_settings

SEALING = "CASEFOLD_SEALING_KEYS"
SIGNING = "CASEFOLD_SIGNING_KEYS"
FILE = "keys.json"


def made_in(folder: Path) -> dict[str, str]:
    """The settings with the keys of the platform in a folder. Makes the keys if there are none."""
    file = folder / FILE
    if not file.exists():
        file.touch(mode=0o600)
        made = {
            SECRET_SETTING: _key(),
            SEALING: _key(),
            SIGNING: {who: _key() for who in sorted(_publishers())},
        }
        file.write_text(json.dumps(made, indent=2) + "\n")
    return found_in(folder)


def found_in(folder: Path) -> dict[str, str]:
    """The settings with the keys of the platform in a folder. Raises `FileNotFoundError`."""
    held = json.loads((folder / FILE).read_text())
    return {setting: json.dumps(keys) for setting, keys in held.items()}


def of_service(service: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The setting with the signing keys that a service needs. No service gets all keys."""
    keys = json.loads(settings[SIGNING])
    return {
        SIGNING: json.dumps(
            {who: own for who, own in keys.items() if may_read_signatures_of(who, service)}
        )
    }


def keys_of(environment: Mapping[str, str] = os.environ) -> Keys:
    """The keys in the environment. Raises `ClickException` if one is missing or invalid."""
    try:
        sealing, signing = environment[SEALING], environment[SIGNING]
        return keys_of_settings(json.loads(sealing), json.loads(signing))
    except KeyError as error:
        raise click.ClickException(
            f"{error.args[0]} is not set, and no platform ran here"
        ) from error
    except (BadKey, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _key() -> dict[str, str]:
    return {"1": secrets.token_hex(LEAST)}


def _publishers() -> frozenset[str]:
    return frozenset().union(*WRITERS.values()) - {INTEGRATION}
