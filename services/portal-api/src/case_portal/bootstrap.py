"""Connects the parts of the portal."""

from functools import partial
from importlib.resources import files

from case_definition.lookup.reference import Reference
from case_events.runtime import EffectHandler, Outbox
from case_events.runtime.host import Host, ServiceComponents, serve
from case_events.runtime.postgres import PostgresTransaction, RequestConnections, RequestPool

from case_portal.access.accounts import PostgresAccounts
from case_portal.access.background import AccessRequestHandler, AccessWorker
from case_portal.access.code_issuer import CodeIssuer
from case_portal.access.effects import ACCESS
from case_portal.access.held import AccessTimes
from case_portal.access.log_ins import LogInService
from case_portal.access.own_account import OwnAccountService
from case_portal.access.parts import AccessParts, AccessRateLimits
from case_portal.access.queries import (
    PostgresAccountUnitOfWork,
    PostgresLimiter,
    SystemSecretSource,
)
from case_portal.access.service import AccessService
from case_portal.access.upkeep import UpkeepService
from case_portal.app import make_app
from case_portal.audit.outbox import OutboxAudit
from case_portal.commands.gateway import OutboxCommandGateway, Outcomes
from case_portal.config import Config
from case_portal.core.principal import Principal
from case_portal.database.row_level_security import for_principals, rls_settings
from case_portal.database.signals import Signals
from case_portal.fair_use.alerts import FairUseMonitor, PostgresAlerts
from case_portal.fair_use.service import FairUseAlerts
from case_portal.knowledge.article_indexer import ArticleIndexer, IndexedReference
from case_portal.knowledge.queries import PostgresArticles
from case_portal.new_case.intake import TopicIntake
from case_portal.portal import Portal
from case_portal.projection import SERVICE
from case_portal.read_model.queries import PostgresCases
from case_portal.read_model.view import CaseView
from case_portal.refusals.queries import PostgresRefusals
from case_portal.reports.queries import PostgresReports
from case_portal.security.queries import PostgresSecurityEvents, forget_old_events
from case_portal.topics.queries import PostgresTopics
from case_portal.volumes.queries import PostgresCounts
from case_portal.web.site import utc_now


async def build(
    reference: IndexedReference, host: Host[CaseView, Reference, Config]
) -> ServiceComponents:
    """The web app over the ports of this process, and the tasks that listen for changes."""
    settings = host.settings
    signals = Signals(settings.database_url)
    times = AccessTimes(settings.limit_window, settings.session_length, settings.session_idle)
    gate = PostgresAccountUnitOfWork(host.outbox(host.log), host.pool, host.keyring, times)
    accounts = PostgresAccounts(host.pool, settings.session_idle)
    parts = _access(host, gate, accounts)
    access = AccessService.over(parts)

    async def forget_security() -> None:
        await forget_old_events(host.pool, settings.security_kept)

    return ServiceComponents(
        handlers={ACCESS: EffectHandler(AccessRequestHandler(access))},
        app=make_app(_portal(host, access, accounts, signals)),
        tasks=(
            signals.run,
            ArticleIndexer(reference, PostgresArticles(host.pool)).run,
            AccessWorker(
                access,
                UpkeepService.over(parts, loaded=lambda: host.loaded),
                (gate.tidy, forget_security),
            ).run,
            FairUseMonitor(_fair_use(host), utc_now).run,
        ),
    )


def _portal(
    host: Host[CaseView, Reference, Config],
    access: AccessService,
    accounts: PostgresAccounts,
    signals: Signals,
) -> Portal:
    """The ports of the web app. The database checks each request against its principal."""
    settings, requests = host.settings, RequestPool(host.request_pool)

    def connections(principal: Principal) -> RequestConnections:
        return requests.acting_for(rls_settings(principal))

    def outbox(principal: Principal) -> Outbox[PostgresTransaction]:
        return host.outbox(connections(principal))

    outcomes = Outcomes(connections, signals)
    return Portal(
        cases=for_principals(PostgresCases, requests),
        refusals=for_principals(PostgresRefusals, requests),
        reports=for_principals(PostgresReports, requests),
        articles=for_principals(PostgresArticles, requests),
        topics=for_principals(PostgresTopics, requests),
        counts=for_principals(PostgresCounts, requests),
        accounts=accounts,
        audit=OutboxAudit(host.outbox(host.log)),
        access=access,
        log_ins=LogInService.over(access),
        own_account=OwnAccountService.over(access),
        security=for_principals(PostgresSecurityEvents, requests),
        desk=OutboxCommandGateway(outbox, connections, outcomes, "portal"),
        api_desk=OutboxCommandGateway(outbox, connections, outcomes, "api"),
        intake=TopicIntake(outbox, connections, outcomes, host.keyring, utc_now),
        files=host.blobs,
        changes=signals,
        reference=host.reference,
        loaded=lambda: host.loaded,
        secret=host.keyring,
        secure_cookies=settings.secure_cookies,
        max_upload=settings.max_upload,
    )


def _fair_use(host: Host[CaseView, Reference, Config]) -> FairUseAlerts:
    return FairUseAlerts(
        counts=PostgresCounts(host.pool),
        reference=host.reference,
        alerts=PostgresAlerts(host.outbox(host.log), host.keyring),
    )


def _access(
    host: Host[CaseView, Reference, Config],
    gate: PostgresAccountUnitOfWork,
    accounts: PostgresAccounts,
) -> AccessParts:
    """What all services of access share."""
    settings, secret_source = host.settings, SystemSecretSource()
    return AccessParts(
        gate=gate,
        limiter=PostgresLimiter(host.pool, settings.limit_window),
        secret_source=secret_source,
        code_issuer=CodeIssuer(
            secret_source=secret_source,
            reference=host.reference,
            secret=host.keyring,
            pages=settings.portal_url,
        ),
        credentials=accounts,
        reference=host.reference,
        limits=AccessRateLimits(
            by_name=settings.limit_by_name,
            by_client=settings.limit_by_client,
            mails=settings.limit_mails,
            by_account=settings.limit_by_account,
        ),
        now=utc_now,
    )


def main() -> None:
    """Run the portal until a signal stops the process."""
    migrations = files("case_portal.database") / "migrations"
    settings = Config()  # type: ignore[call-arg]  # they come from the environment
    reference = IndexedReference()
    serve(SERVICE, reference, settings, partial(build, reference), migrations)
