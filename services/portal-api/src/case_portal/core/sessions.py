"""Who may log in, and who is."""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from case_portal.core.principal import Account


class Session(Struct, frozen=True, kw_only=True):
    """A log-in that holds until it ends; `token` is only known while it is being made."""

    account: Account
    expires_at: datetime | None
    token: str = ""


class Accounts(Protocol):
    """Who may log in, and who is."""

    async def log_in(self, user: str, password: str, tenant: str | None) -> Session | None:
        """A new session; None where user name and password do not fit."""

    async def session(self, token: str) -> Session | None:
        """The session or API token that holds under this secret."""

    async def log_out(self, token: str) -> None: ...
