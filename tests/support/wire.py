"""The keys of the platforms that tests run, and the codec with them."""

import json

from case_events.testing import keys
from case_events.wire.codec import Codec

TESTED = ("counter", "echo", "ringing", "timers", "integration.stories")
"""Services that exist only in tests."""

SEALING, SIGNING = keys.SEALING, keys.signing_keys(*TESTED)
SETTINGS = {
    "CASEFOLD_SECRET": keys.SECRET_TEXT,
    "CASEFOLD_SEALING_KEYS": json.dumps(SEALING),
    "CASEFOLD_SIGNING_KEYS": json.dumps(SIGNING),
}
"""The same keys, as processes of the platform read them."""

KEYS = keys.keys(*TESTED)
codec = Codec(KEYS)
