"""The schemas of access in the API."""

from datetime import datetime

from pydantic import BaseModel

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
