"""The portal, put together."""

from functools import partial
from importlib.resources import files

from case_definition.reference import Reference
from case_events.runtime.host import Host, Parts, serve

from case_portal.adapters.accounts import PostgresAccounts
from case_portal.adapters.articles import PostgresArticles
from case_portal.adapters.asking import DoorDesk
from case_portal.adapters.cases import PostgresCases
from case_portal.adapters.intake import HttpIntake
from case_portal.adapters.refusals import PostgresRefusals
from case_portal.adapters.reports import PostgresReports
from case_portal.adapters.shelving import Shelving, ShelvingReference
from case_portal.adapters.signals import Signals
from case_portal.adapters.topics import PostgresTopics
from case_portal.application.react import SERVICE
from case_portal.config import Config
from case_portal.domain.view import CaseView
from case_portal.entrypoints.app import make_app
from case_portal.entrypoints.portal import Portal, the_time


async def build(reference: ShelvingReference, host: Host[CaseView, Reference, Config]) -> Parts:
    """The web app over the ports of this process, and what listens for changes beside it."""
    settings = host.settings
    secret = settings.secret_bytes()
    signals = Signals(settings.database_url)
    articles = PostgresArticles(host.pool)
    portal = Portal(
        cases=PostgresCases(host.pool),
        refusals=PostgresRefusals(host.pool),
        reports=PostgresReports(host.pool),
        articles=articles,
        topics=PostgresTopics(host.pool),
        accounts=PostgresAccounts(host.pool, settings.session_length),
        desk=DoorDesk(host.door, host.pool, signals, "portal"),
        api_desk=DoorDesk(host.door, host.pool, signals, "api"),
        intake=HttpIntake(settings.intake_url, secret, the_time),
        files=host.blobs,
        changes=signals,
        reference=host.reference,
        secret=secret,
        secure_cookies=settings.secure_cookies,
        max_upload=settings.max_upload,
    )
    return Parts(app=make_app(portal), tasks=(signals.run, Shelving(reference, articles).run))


def main() -> None:
    """Run the portal until it is told to stop."""
    migrations = files("case_portal.adapters") / "migrations"
    settings = Config()  # type: ignore[call-arg]  # they come from the environment
    reference = ShelvingReference()
    serve(SERVICE, reference, settings, partial(build, reference), migrations)
