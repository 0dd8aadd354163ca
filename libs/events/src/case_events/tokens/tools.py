"""How tools and operators authenticate to the services: with a token under the shared secret.

Workflow serves the history of every tenant, with what people wrote, only to a holder of the secret
that the services share.
"""

import os
from datetime import UTC, datetime, timedelta

from case_events import tokens

TOOL = {"kind": "tool"}
OPERATOR = {"kind": "operator"}
SECRET = "CASEFOLD_SECRET"  # noqa: S105 - the name of the setting
HOLDS = timedelta(minutes=15)


class NoSecret(Exception):
    """The environment has no secret. The message is a sentence for the user."""


def shown() -> dict[str, str]:
    """Return the header with which a tool authenticates. Raises `NoSecret`."""
    secret = os.environ.get(SECRET)
    if not secret:
        raise NoSecret(f"{SECRET} is not set: the secret that the services of the platform share")
    token = tokens.issue(secret.encode(), TOOL, datetime.now(UTC) + HOLDS)
    return {"Authorization": f"Bearer {token}"}


def is_tool(secret: bytes, authorization: str) -> bool:
    """Return whether a header authenticates a tool under this secret."""
    scheme, _, token = authorization.partition(" ")
    return scheme.lower() == "bearer" and tokens.read(secret, token, datetime.now(UTC)) == TOOL
