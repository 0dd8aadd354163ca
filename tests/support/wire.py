"""The keys of the platforms that tests run, and the codec under them."""

import json

from case_events.codec import Codec
from case_events.keys import Keys

SEALING = {"test": "5ea1" * 16}
SETTINGS = {"CASEFOLD_SEALING_KEYS": json.dumps(SEALING)}
"""The same keys, as processes of the platform read them."""

KEYS = Keys(sealing={key: bytes.fromhex(text) for key, text in SEALING.items()})
codec = Codec(KEYS)
