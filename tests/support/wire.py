"""The keys of the platforms that tests run, and the codec with them."""

import json

from case_events.contracts.catalogue import WRITERS
from case_events.wire.codec import Codec
from case_events.wire.keys import keys_of

SEALING = {"test": "5ea1" * 16}
TESTED = ("counter", "echo", "ringing", "timers", "integration.stories")
"""Services that exist only in tests."""

PUBLISHERS = sorted(frozenset(TESTED).union(*WRITERS.values()))
SIGNING = {service: {"test": "51c9" * 16} for service in PUBLISHERS}
SETTINGS = {
    "CASEFOLD_SEALING_KEYS": json.dumps(SEALING),
    "CASEFOLD_SIGNING_KEYS": json.dumps(SIGNING),
}
"""The same keys, as processes of the platform read them."""

KEYS = keys_of(SEALING, SIGNING)
codec = Codec(KEYS)
