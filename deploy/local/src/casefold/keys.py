"""The keys of a platform: made for this machine at the first start, or as the environment says."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import click
from case_events.keys import LEAST, BadKey, Keys, secrets_of

SEALING = "CASEFOLD_SEALING_KEYS"
FILE = "keys.json"


def made_in(folder: Path) -> dict[str, str]:
    """The settings that hold the keys of the platform in a folder; made where there are none."""
    file = folder / FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(json.dumps({SEALING: {"1": secrets.token_hex(LEAST)}}, indent=2) + "\n")
    return found_in(folder)


def found_in(folder: Path) -> dict[str, str]:
    """The settings that hold the keys of the platform in a folder. Raises FileNotFoundError."""
    held = json.loads((folder / FILE).read_text())
    return {setting: json.dumps(keys) for setting, keys in held.items()}


def keys_of(environment: Mapping[str, str] = os.environ) -> Keys:
    """The keys that the environment holds. Raises ClickException where one is missing."""
    try:
        return Keys(sealing=secrets_of(json.loads(environment[SEALING]), SEALING))
    except KeyError as error:
        raise click.ClickException(
            f"{error.args[0]} is not set, and no platform ran here"
        ) from error
    except (BadKey, ValueError) as error:
        raise click.ClickException(str(error)) from error
