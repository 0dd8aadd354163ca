"""Settings of intake: environment variables CASEFOLD_<NAME>."""

from case_events.runtime.host import Settings
from pydantic import Field

MEBIBYTE = 1024 * 1024


class Config(Settings):
    """Settings of intake, in addition to those of every service."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=2525, ge=0, lt=65536)
    smtp_name: str = "casefold"
    """How the mail listener calls itself to those who connect."""
    smtp_size_limit: int = Field(default=25 * MEBIBYTE, gt=0)
    """Bytes of a mail; a longer one is refused with 552."""
    smtp_timeout: float = Field(default=120.0, gt=0)
    """Seconds of silence after which a connection is closed."""
    smtp_deadline: float = Field(default=30.0, gt=0)
    """Seconds within which a mail is kept, or answered with 451."""
    smtp_connections: int = Field(default=200, gt=0)
    """Connections at once; one more is answered with 421."""
    smtp_deliveries: int = Field(default=8, gt=0)
    """Mails read and stored at once; the others wait."""
    api_size_limit: int = Field(default=25 * MEBIBYTE, gt=0)
    """Bytes of a request; a longer one is refused with 413."""
    api_tokens: dict[str, str] = {}
    """API tokens as JSON: SHA-256 (hex) of the token to `tenant/agent/id` or
    `tenant/contact/id`, in whose name it posts."""
