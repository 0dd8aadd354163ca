"""The port of sessions: who holds a token, and what it may be used for."""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from msgspec import Struct

from case_portal.core.principal import Account

Reach = Literal["session", "write", "read"]
"""What a token may be used for: a session for everything, an API token to write or only to read."""


class Session(Struct, frozen=True, kw_only=True):
    """A session or an API token that is valid until it ends. `token` is known only while it is
    being made, and `id` is how its owner names it."""

    account: Account
    expires_at: datetime | None
    token: str = ""
    id: UUID | None = None
    reach: Reach = "session"


class Accounts(Protocol):
    """Finds sessions."""

    async def session(self, token: str, *, used: bool = True) -> Session | None:
        """The session or API token that is valid for this secret.

        `used` counts as use, which puts off the end of a session that nobody uses.
        """
