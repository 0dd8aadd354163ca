"""Short-lived tokens with which one service tells another who makes a request.

A token is `claims.signature`: the claims as JSON, signed with HMAC-SHA-256 under the secret that
the services of a platform share. Anybody can read a token; nobody without the secret can change it.
Each purpose has a key of its own, and the claims name the purpose: a token for one purpose never
passes for another.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from case_events.keyring import Keyring

Purpose = Literal["pass", "tool", "operator", "rating", "device"]
"""What a token is for. `pass`: a person of the portal uses intake's API. `tool`: a tool reads
histories. `operator`: a command looks after the records that a service holds back. `rating`: a
contact rates one case. `device`: somebody logged in with a browser before."""
EXPIRES, FOR = "exp", "for"
LONGEST = 4096
_claims = msgspec.json.Decoder(dict[str, Any])


def issue(secret: Keyring, purpose: Purpose, claims: dict[str, Any], expires_at: datetime) -> str:
    """Return a token for a purpose that carries JSON claims and is valid until `expires_at`
    (aware).

    Raises `ValueError` if the claims use the names `exp` or `for`, which are reserved.
    """
    if {EXPIRES, FOR} & claims.keys():
        raise ValueError("the claims exp and for are set by the token itself")
    whole = {FOR: purpose, **claims, EXPIRES: expires_at.timestamp()}
    text = _encode(msgspec.json.encode(whole))
    return f"{text}.{_encode(secret.sign(_key(purpose), text.encode()))}"


def read(secret: Keyring, purpose: Purpose, token: str, now: datetime) -> dict[str, Any] | None:
    """Return the claims of a token; None if it has expired, or was not issued for this purpose
    under a secret of this keyring, whatever is in it."""
    text, _, signature = token.partition(".")
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        made = _decode(signature)
        # Of several texts that decode to these bytes, only ours is accepted.
        if _encode(made) != signature or not secret.fits(_key(purpose), text.encode(), made):
            return None
        claims = _claims.decode(_decode(text))
        expires_at = datetime.fromtimestamp(claims.pop(EXPIRES), UTC)
    except (ValueError, TypeError, KeyError, OverflowError, OSError):
        return None
    return claims if claims.pop(FOR, None) == purpose and now < expires_at else None


def _key(purpose: Purpose) -> str:
    return f"casefold token: {purpose}"


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
