"""Connects the parts of intake."""

import asyncio
from collections.abc import Mapping
from functools import partial
from importlib.resources import files

from case_definition.lookup.reference import Reference
from case_events.runtime import Outbox
from case_events.runtime.host import Host, ServiceComponents, serve
from case_events.runtime.postgres import PostgresTransaction, RequestPool
from case_events.tokens.thread import read_return, read_token

from case_intake.adapters.effects import effect_handlers
from case_intake.adapters.outbox import PostgresIntakeOutbox
from case_intake.application.ports import IntakePorts
from case_intake.application.react import SERVICE, CaseSnapshot
from case_intake.config import Config
from case_intake.entrypoints.api import create_app
from case_intake.entrypoints.authenticator import Authenticator
from case_intake.entrypoints.smtp import SmtpHandler, SmtpLimits, listen


async def build(host: Host[CaseSnapshot, Reference, Config]) -> ServiceComponents:
    """The API and the mail listener, over the host's outbox, blob store and reference data."""
    settings = host.settings
    secret = host.keyring
    requests = RequestPool(host.request_pool)

    def outbox_with(rls: Mapping[str, str]) -> Outbox[PostgresTransaction]:
        return host.outbox(requests.acting_for(rls))

    ports = IntakePorts(
        outbox=PostgresIntakeOutbox(outbox_with),
        blobs=host.blobs,
        directory=host.reference,
        read_token=partial(read_token, secret),
        read_return=partial(read_return, secret),
    )
    authenticator = Authenticator(
        secret, settings.api_tokens, host.reference, partial(_is_loaded, host)
    )
    return ServiceComponents(
        handlers=effect_handlers(ports),
        app=create_app(ports, authenticator, settings.api_size_limit),
        tasks=(partial(_receive_mail, ports, host),),
    )


def main() -> None:
    """Run intake until a signal stops the process."""
    migrations = files("case_intake.adapters") / "migrations"
    settings = Config()  # type: ignore[call-arg]  # the environment says the rest
    serve(SERVICE, Reference(), settings, build, migrations)


def _is_loaded(host: Host[CaseSnapshot, Reference, Config]) -> bool:
    # With half a directory, intake would refuse people who are known.
    return host.loaded and bool(host.reference.tenants())


async def _receive_mail(ports: IntakePorts, host: Host[CaseSnapshot, Reference, Config]) -> None:
    settings = host.settings
    limits = SmtpLimits(
        size=settings.smtp_size_limit,
        timeout=settings.smtp_timeout,
        deadline=settings.smtp_deadline,
        connections=settings.smtp_connections,
        deliveries=settings.smtp_deliveries,
    )
    handler = SmtpHandler(ports, limits, partial(_is_loaded, host))
    server = await listen(
        handler, limits, settings.smtp_name, settings.smtp_host, settings.smtp_port
    )
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        # Not waited for: an idle sender must not delay the stop.
        server.close()
