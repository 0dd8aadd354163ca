"""Settings of notify, in addition to those of every service."""

from typing import Annotated, Literal

from case_events.runtime.host import Settings
from pydantic import Field, SecretStr, StringConstraints


class Config(Settings):
    """Where mail goes out, and where the pages are that it points to."""

    smtp_relay: Annotated[str, StringConstraints(pattern=r"^.+:\d{1,5}$")]
    """host:port."""
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout: float = Field(default=20.0, gt=0)
    """Seconds, for each command."""
    smtp_connections: int = Field(default=8, gt=0)
    """At once, from one replica."""
    webhook_timeout: float = Field(default=10.0, gt=0)
    """Seconds that another system has to answer a call."""
    portal_url: str
    """Where people find the pages; mail links to `/cases/REF` there."""
