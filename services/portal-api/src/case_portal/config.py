"""What the portal is told by its environment."""

from datetime import timedelta

from case_events.runtime.host import Settings
from pydantic import Field


class Config(Settings):
    """The settings of the portal, beside those of every service."""

    session_length: timedelta = timedelta(hours=12)
    """How long a log-in holds."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only: on wherever the portal is reached by it."""
    portal_url: str
    """Where people find the pages: the links in mails lead there."""
    limit_window: timedelta = Field(default=timedelta(minutes=15), gt=timedelta(0))
    """Within which all that may be tried (log-ins, resets, codes) comes back, one by one."""
    limit_by_name: int = Field(default=10, gt=0)
    """Attempts at one user name, address or code."""
    limit_by_client: int = Field(default=100, gt=0)
    """Attempts from one network address."""
    limit_mails: int = Field(default=5, gt=0)
    """Mails with a code that one person is sent."""
    max_upload: int = Field(default=25 * 1024 * 1024, gt=0)
    """Bytes that one request may carry."""
