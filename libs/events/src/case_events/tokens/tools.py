"""How the platform's own tools show that they are such: by a token under the shared secret.

A history tells what people wrote, of every tenant. So workflow tells it to whoever holds the
secret that the services share, and to nobody else.
"""

import os
from datetime import UTC, datetime, timedelta

from case_events import tokens

TOOL = {"kind": "tool"}
OPERATOR = {"kind": "operator"}
SECRET = "CASEFOLD_SECRET"  # noqa: S105 - the name of the setting
HOLDS = timedelta(minutes=15)


class NoSecret(Exception):
    """The environment names no secret; a sentence for whoever asked."""


def shown() -> dict[str, str]:
    """The header with which a tool asks. Raises `NoSecret`."""
    secret = os.environ.get(SECRET)
    if not secret:
        raise NoSecret(f"{SECRET} is not set: the secret that the services of the platform share")
    token = tokens.issue(secret.encode(), TOOL, datetime.now(UTC) + HOLDS)
    return {"Authorization": f"Bearer {token}"}


def is_tool(secret: bytes, authorization: str) -> bool:
    """Whether this header is a tool's, under this secret."""
    scheme, _, token = authorization.partition(" ")
    return scheme.lower() == "bearer" and tokens.read(secret, token, datetime.now(UTC)) == TOOL
