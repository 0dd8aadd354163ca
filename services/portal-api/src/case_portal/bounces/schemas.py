"""The schemas of mail that did not arrive, in the API."""

from datetime import datetime

from case_events.contracts.bounces import Standing
from pydantic import BaseModel

from case_portal.web.schemas import RequestModel, Short


class BouncedResponse(BaseModel):
    """An address that mail about the case did not reach.

    `hard`: it is dead, and gets no mail. `soft`: a mail was lost. `delayed`: it may still arrive.
    """

    address: str
    recipient: str
    standing: Standing
    status: str
    reason: str
    at: datetime


class MendedAddress(RequestModel):
    """An address that takes mail again."""

    address: Short
