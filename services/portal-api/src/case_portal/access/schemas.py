"""The schemas of access in the API."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from case_portal.access.ports import ONE_LINE, TokenReach
from case_portal.web.schemas import RequestModel, Short


class LogIn(RequestModel):
    """User name and password. The tenant is needed only if several tenants have the user name."""

    user: Short
    password: Short
    tenant: Short | None = None


class InvitationRequest(RequestModel):
    """A contact of the directory, by id or mail address."""

    contact: Short


class InvitationResponse(BaseModel):
    """The invited contact, and the time until which the code can be redeemed."""

    contact: str
    expires_at: datetime


class LoggedIn(BaseModel):
    """A bearer token, and the time at which it expires."""

    token: str
    expires_at: datetime | None


class PasswordChange(RequestModel):
    """The present password, and the new one."""

    old: Short
    new: Short


class SessionModel(BaseModel):
    """One of your sessions. `address` and `program` are those of the log-in; `current` is the
    session of this request. It ends at `expires_at`, or earlier if nobody uses it."""

    id: UUID
    opened_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str
    program: str
    current: bool


class SessionList(BaseModel):
    """Your sessions, the last used first."""

    sessions: list[SessionModel]


class TokenRequest(RequestModel):
    """What the token is for, what it may do, and for how many days."""

    name: Annotated[str, StringConstraints(pattern=ONE_LINE)]
    reach: TokenReach = "read"
    days: Annotated[int, Field(ge=1, le=366)] = 90


class TokenModel(BaseModel):
    """An API token, without its secret. `used_at` is null before its first use."""

    id: UUID
    name: str
    reach: TokenReach
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class TokenList(BaseModel):
    """Your API tokens, the newest first."""

    tokens: list[TokenModel]


class IssuedToken(TokenModel):
    """A new API token. Its secret is shown only here."""

    token: str
