"""The port of sessions and log-ins."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from case_portal.core.principal import Account


class Session(Struct, frozen=True, kw_only=True):
    """A session that is valid until it ends. `token` is known only while the session is being
    made."""

    account: Account
    expires_at: datetime | None
    token: str = ""


class Accounts(Protocol):
    """Opens and finds sessions."""

    async def log_in(self, user: str, password: str, tenant: str | None) -> Session | None:
        """A new session; None if user name and password do not fit."""

    async def session(self, token: str) -> Session | None:
        """The session or API token that is valid for this secret."""

    async def log_out(self, token: str) -> None: ...
