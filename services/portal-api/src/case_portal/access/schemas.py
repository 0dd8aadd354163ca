"""What the API takes and gives about getting in."""

from datetime import datetime

from pydantic import BaseModel

from case_portal.web.schemas import RequestModel, Short


class LogIn(RequestModel):
    """User name and password; the tenant only where one user name serves several."""

    user: Short
    password: Short
    tenant: Short | None = None


class InvitationRequest(RequestModel):
    """A contact of the directory, by id or mail address."""

    contact: Short


class InvitationResponse(BaseModel):
    """Who was invited, and until when their code can be redeemed."""

    contact: str
    expires_at: datetime


class LoggedIn(BaseModel):
    """A bearer token, and until when it holds."""

    token: str
    expires_at: datetime | None
