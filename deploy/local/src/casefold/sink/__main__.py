"""The mail sink as a process: SMTP in, pages out.

Settings: CASEFOLD_SINK_SMTP_PORT, CASEFOLD_HTTP_PORT, CASEFOLD_SINK (the Maildir's folder).
"""

import asyncio
import os
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session

from casefold.ports import LOOPBACK
from casefold.project import DATA
from casefold.sink.pages import application
from casefold.sink.store import Store
from casefold.topology import SINK_SMTP, SINK_WEB

LARGEST_MAIL = 50_000_000


class Taker:
    """The SMTP handler. It answers 250 after the mail was written to disk."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Store the mail of an SMTP session."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self._store.keep(envelope.mail_from or "", envelope.rcpt_tos, raw)
        return "250 OK: kept"


async def serve(store: Store, smtp_port: int, http_port: int) -> None:
    """Serve SMTP and HTTP until SIGTERM or SIGINT."""
    taker = Taker(store)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(
        lambda: SMTP(taker, data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, hostname="sink"),
        LOOPBACK,
        smtp_port,
    )
    web = uvicorn.Server(
        uvicorn.Config(
            application(store),
            host=LOOPBACK,
            port=http_port,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
    )
    try:
        await web.serve()
    finally:
        smtp.close()


def main() -> None:
    """Run the sink with the settings of the environment."""
    folder = Path(os.environ.get("CASEFOLD_SINK", str(DATA / "sink")))
    http_port = int(os.environ.get("CASEFOLD_HTTP_PORT", SINK_WEB.default))
    asyncio.run(serve(Store(folder), SINK_SMTP.number(os.environ), http_port))


if __name__ == "__main__":
    main()
