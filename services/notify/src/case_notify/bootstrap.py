"""Notify put together."""

from case_definition.reference import Reference
from case_events.runtime.host import Host, Parts, serve

from case_notify.adapters.smtp import Relay, SmtpMail
from case_notify.application.letters import Letterhead
from case_notify.application.react import service
from case_notify.config import Config
from case_notify.domain.memory import Correspondence


async def build(host: Host[Correspondence, Reference, Config]) -> Parts:
    """What notify adds to the runtime: mail goes out by the relay."""
    return Parts(perform=SmtpMail(relay(host.settings), host.settings.secret_bytes()))


def relay(settings: Config) -> Relay:
    """The relay that the settings name."""
    host, _, port = settings.smtp_relay.rpartition(":")
    password = settings.smtp_password
    return Relay(
        host=host.strip("[]"),
        port=int(port),
        security=settings.smtp_security,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        timeout=settings.smtp_timeout,
        connections=settings.smtp_connections,
    )


def main() -> None:
    """Run notify until it is told to stop."""
    settings = Config()  # type: ignore[call-arg]
    letterhead = Letterhead(settings.secret_bytes(), settings.portal_url)
    serve(service(letterhead), Reference(), settings, build)
