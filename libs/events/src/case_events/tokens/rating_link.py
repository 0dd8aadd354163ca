"""The link in a mail with which a contact rates a case without logging in.

Its signed token names the tenant, the case and the contact. Its holder acts as that contact, and
may only rate that case.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from case_events import tokens
from case_events.keyring import Keyring

HOLDS: Final = timedelta(days=90)
"""How long a link is valid, from the moment of the mail."""


class RatingToken(Struct, frozen=True):
    """The case to rate, and the contact who is asked. `reference` is the number that people use for
    the case."""

    tenant: str
    reference: str
    case: UUID
    contact: str


def rating_token(secret: Keyring, token: RatingToken, sent_at: datetime) -> str:
    """Return the token of a link in a mail that is sent at `sent_at` (aware)."""
    return tokens.issue(secret, "rating", msgspec.to_builtins(token), sent_at + HOLDS)


def read_rating_token(secret: Keyring, text: str, now: datetime) -> RatingToken | None:
    """Return what a token says, or None if it is invalid or has expired."""
    claims = tokens.read(secret, "rating", text, now)
    try:
        return None if claims is None else msgspec.convert(claims, RatingToken)
    except msgspec.ValidationError:
        return None
