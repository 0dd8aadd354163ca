"""The link by which a contact rates a case from a mail, without logging in.

Its token names the tenant, the case and the contact that it was sent to, and is signed. Whoever
holds it speaks for that contact, and may do nothing but rate that case.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from case_events import tokens

HOLDS: Final = timedelta(days=90)
"""How long after the mail a link can be used."""

_PURPOSE: Final = "rating"


class RatingToken(Struct, frozen=True):
    """Which case whom was asked to rate; `reference` is how people call the case."""

    tenant: str
    reference: str
    case: UUID
    contact: str


def rating_token(secret: bytes, token: RatingToken, sent_at: datetime) -> str:
    """The token of a link in a mail that is sent at an instant (aware)."""
    claims = {
        "for": _PURPOSE,
        "tenant": token.tenant,
        "reference": token.reference,
        "case": str(token.case),
        "contact": token.contact,
    }
    return tokens.issue(secret, claims, sent_at + HOLDS)


def read_rating_token(secret: bytes, text: str, now: datetime) -> RatingToken | None:
    """What a token of ours says; None where it is none, or is too old."""
    claims = tokens.read(secret, text, now)
    if claims is None or claims.get("for") != _PURPOSE:
        return None
    return RatingToken(
        claims["tenant"], claims["reference"], UUID(claims["case"]), claims["contact"]
    )
