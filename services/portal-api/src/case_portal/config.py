"""The settings of the portal, from its environment."""

from datetime import timedelta

from case_events.runtime.host import Settings
from pydantic import Field


class Config(Settings):
    """The settings of the portal, in addition to those of every service."""

    session_length: timedelta = timedelta(hours=12)
    """How long a session is valid."""
    session_idle: timedelta = timedelta(hours=2)
    """How long a session is valid that nobody uses."""
    security_kept: timedelta = timedelta(days=180)
    """How long administrators see an event of the security log."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only. Turn this on wherever people use the portal over HTTPS."""
    portal_url: str
    """The URL of the pages, to which links in mails lead."""
    limit_window: timedelta = Field(default=timedelta(minutes=15), gt=timedelta(0))
    """The window in which all attempts (log-ins, resets, codes) become available again, one by one.
    """
    limit_by_name: int = Field(default=10, gt=0)
    """Attempts at one user name, address or code, from one network address."""
    limit_by_account: int = Field(default=100, gt=0)
    """Attempts to log in to one account, from all browsers together that are not known for it."""
    limit_by_client: int = Field(default=100, gt=0)
    """Attempts from one network address."""
    limit_mails: int = Field(default=5, gt=0)
    """Mails with a code to one person."""
    max_upload: int = Field(default=25 * 1024 * 1024, gt=0)
    """The maximum size of one request, in bytes."""
