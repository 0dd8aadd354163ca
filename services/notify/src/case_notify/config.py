"""Settings of notify, in addition to those of every service."""

from typing import Annotated, Literal

from case_events.runtime.host import Settings
from pydantic import Field, SecretStr, StringConstraints


class Config(Settings):
    """The mail relay, the limits of webhooks, and the URL of the pages that mails link to."""

    smtp_relay: Annotated[str, StringConstraints(pattern=r"^.+:\d{1,5}$")]
    """The relay as host:port."""
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout: float = Field(default=20.0, gt=0)
    """Seconds for each command to the relay."""
    smtp_connections: int = Field(default=8, gt=0)
    """Connections to the relay at the same time, from one replica."""
    webhook_timeout: float = Field(default=10.0, gt=0)
    """Seconds within which another system has to answer a call."""
    portal_url: str
    """The URL of the portal's pages. Mails link to `/cases/REF` there."""
