"""The settings of intake: environment variables CASEFOLD_<NAME>."""

from case_events.runtime.host import Settings
from pydantic import Field

MEBIBYTE = 1024 * 1024


class Config(Settings):
    """The settings of intake, in addition to those of every service."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=2525, ge=0, lt=65536)
    smtp_name: str = "casefold"
    """The name with which the mail listener greets its clients."""
    smtp_size_limit: int = Field(default=25 * MEBIBYTE, gt=0)
    """The maximum size of a mail, in bytes; a larger one is refused with 552."""
    smtp_timeout: float = Field(default=120.0, gt=0)
    """Seconds without traffic after which a connection is closed."""
    smtp_deadline: float = Field(default=30.0, gt=0)
    """Seconds within which a mail is stored; otherwise the answer is 451."""
    smtp_connections: int = Field(default=200, gt=0)
    """The number of open connections; one more is answered with 421."""
    smtp_deliveries: int = Field(default=8, gt=0)
    """The number of mails that are read and stored at the same time; the others wait."""
    api_size_limit: int = Field(default=25 * MEBIBYTE, gt=0)
    """The maximum size of a request, in bytes; a larger one is refused with 413."""
    api_tokens: dict[str, str] = {}
    """API tokens as JSON: the SHA-256 (hex) of a token to `tenant/agent/id` or `tenant/contact/id`,
    the person as whom it posts."""
