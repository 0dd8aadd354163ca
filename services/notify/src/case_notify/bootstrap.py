"""Connects the parts of notify."""

from importlib.resources import files

import httpx
from case_definition.lookup.reference import Reference
from case_events.runtime.host import Host, ServiceComponents, serve

from case_notify.adapters.handlers import effect_handlers
from case_notify.adapters.postgres import PostgresAddressBook
from case_notify.adapters.smtp import SmtpMail, SmtpRelay
from case_notify.adapters.webhook import HttpCalls
from case_notify.application.mail_composition import MailSettings
from case_notify.application.react import service
from case_notify.config import Config
from case_notify.domain.notification_state import NotificationState


async def build(host: Host[NotificationState, Reference, Config]) -> ServiceComponents:
    """The components that notify adds to the runtime: mail through the relay, calls over HTTP."""
    settings = host.settings
    client = httpx.AsyncClient(timeout=settings.webhook_timeout, follow_redirects=False)
    mail = SmtpMail(relay(settings), host.keyring)
    addresses = PostgresAddressBook(host.pool)
    return ServiceComponents(handlers=effect_handlers(mail, HttpCalls(client), addresses))


def relay(settings: Config) -> SmtpRelay:
    """The mail relay that the settings name."""
    host, _, port = settings.smtp_relay.rpartition(":")
    password = settings.smtp_password
    return SmtpRelay(
        host=host.strip("[]"),
        port=int(port),
        security=settings.smtp_security,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        timeout=settings.smtp_timeout,
        connections=settings.smtp_connections,
    )


def main() -> None:
    """Run notify until a signal stops the process."""
    settings = Config()  # type: ignore[call-arg]
    mail_settings = MailSettings(settings.keyring(), settings.portal_url)
    migrations = files("case_notify.adapters") / "migrations"
    serve(service(mail_settings), Reference(), settings, build, migrations)
