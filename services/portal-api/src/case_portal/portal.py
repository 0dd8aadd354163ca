"""The ports of the whole portal."""

from dataclasses import dataclass

from case_portal.access.log_ins import LogInService
from case_portal.access.own_account import OwnAccountService
from case_portal.access.service import AccessService
from case_portal.commands.ports import CommandGateway
from case_portal.core.principal import PerPrincipal
from case_portal.knowledge.service import Articles
from case_portal.new_case.ports import Intake
from case_portal.read_model.ports import Changes
from case_portal.refusals.ports import Refusals
from case_portal.reports.service import Reports
from case_portal.security.ports import SecurityEvents
from case_portal.topics.service import TopicCounts
from case_portal.volumes.service import CaseCounts
from case_portal.web.site import Site


@dataclass(frozen=True, kw_only=True)
class Portal(Site):
    """The ports, connected once in `bootstrap.py`. A feature gets a port by its name, with
    `web.dependencies.port`.

    Pages send commands by `desk`, programs by `api_desk`.
    """

    refusals: PerPrincipal[Refusals]
    reports: PerPrincipal[Reports]
    articles: PerPrincipal[Articles]
    topics: PerPrincipal[TopicCounts]
    counts: PerPrincipal[CaseCounts]
    access: AccessService
    log_ins: LogInService
    own_account: OwnAccountService
    security: PerPrincipal[SecurityEvents]
    desk: CommandGateway
    api_desk: CommandGateway
    intake: Intake
    changes: Changes
