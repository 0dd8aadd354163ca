"""A request for access by mail, as the effect that answers it carries it."""

from msgspec import Struct

ACCESS = "access"
"""The kind of the effect."""


class AccessAsked(Struct, frozen=True, kw_only=True):
    """A contact who asked for access. `in_reply_to` is the Message-ID of their mail."""

    tenant: str
    contact: str
    in_reply_to: str = ""
