"""Short-lived tokens with which one service tells another who makes a request.

A token is `claims.signature`: the claims as JSON, signed with HMAC-SHA-256 under the secret that
the services of a platform share. Anybody can read a token; nobody without the secret can change it.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

EXPIRES = "exp"
LONGEST = 4096


def issue(secret: bytes, claims: dict[str, Any], expires_at: datetime) -> str:
    """Return a token that carries JSON claims and is valid until `expires_at` (aware).

    Raises `ValueError` if the claims use the name `exp`, which is reserved, or if the secret is
    empty.
    """
    if EXPIRES in claims:
        raise ValueError("the claim exp is set by the token itself")
    body = json.dumps(claims | {EXPIRES: expires_at.timestamp()}, separators=(",", ":"))
    text = _encode(body.encode())
    return f"{text}.{_encode(_signature(secret, text))}"


def read(secret: bytes, token: str, now: datetime) -> dict[str, Any] | None:
    """Return the claims of a token, or None if it was not issued under this secret or has expired.

    Raises `ValueError` if the secret is empty.
    """
    text, _, signature = token.partition(".")
    expected = _encode(_signature(secret, text))
    if len(token) > LONGEST or not hmac.compare_digest(
        expected.encode(), signature.encode("utf-8", "replace")
    ):
        return None
    claims: dict[str, Any] = json.loads(_decode(text))
    expires_at = datetime.fromtimestamp(claims.pop(EXPIRES), UTC)
    return claims if now < expires_at else None


def _signature(secret: bytes, text: str) -> bytes:
    if not secret:
        raise ValueError("tokens need a secret")
    return hmac.new(secret, text.encode("utf-8", "replace"), sha256).digest()


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
