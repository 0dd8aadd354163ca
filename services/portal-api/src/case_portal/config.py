"""What the portal is told by its environment."""

from datetime import timedelta

from case_events.runtime.host import Settings
from pydantic import Field


class Config(Settings):
    """The settings of the portal, beside those of every service."""

    intake_url: str = "http://127.0.0.1:8081"
    """Where intake's API is: new cases go there."""
    session_length: timedelta = timedelta(hours=12)
    """How long a log-in holds."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only: on wherever the portal is reached by it."""
    max_upload: int = Field(default=25 * 1024 * 1024, gt=0)
    """Bytes that one request may carry."""
