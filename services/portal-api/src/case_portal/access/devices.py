"""Browsers in which somebody logged in before, by a signed cookie.

Whoever guesses passwords does not have it. So attempts of strangers at an account never keep its
owner out of a browser that the owner used before.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from case_events import tokens
from case_events.keyring import Keyring
from msgspec import Struct

LASTS = timedelta(days=180)
MOST_ACCOUNTS = 5
"""The number of accounts that one browser is known for; the last ones count."""


class Device(Struct, frozen=True):
    """A browser, and the ids of the accounts that logged in with it."""

    id: str
    accounts: tuple[int, ...] = ()


def read_device(secret: Keyring, cookie: str, now: datetime) -> Device | None:
    """The browser of a cookie; None if it was not issued here, or has expired."""
    claims = tokens.read(secret, "device", cookie, now) if cookie else None
    if claims is None:
        return None
    return Device(claims["device"], tuple(claims["accounts"]))


def device_cookie(
    secret: Keyring, device: Device | None, account: int, now: datetime, new_id: Callable[[], str]
) -> str:
    """The cookie of a browser in which somebody just logged in with this account."""
    before = device or Device(new_id())
    others = [one for one in before.accounts if one != account]
    claims = {"device": before.id, "accounts": [*others, account][-MOST_ACCOUNTS:]}
    return tokens.issue(secret, "device", claims, now + LASTS)
