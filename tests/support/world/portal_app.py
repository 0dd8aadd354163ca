"""The ports of the portal's app over a simulated platform."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from uuid import UUID

from case_definition.schema.directory import Article
from case_events.testing.keys import SECRET
from case_events.testing.memory.state import State
from case_portal.access.log_ins import LogInService
from case_portal.access.own_account import OwnAccountService
from case_portal.audit.outbox import OutboxAudit
from case_portal.commands.ports import CommandGateway
from case_portal.new_case.ports import Intake
from case_portal.portal import Portal
from case_portal.read_model.view import CaseView

from tests.support.world.articles import SimulatedArticles
from tests.support.world.case_views import view_of
from tests.support.world.platform import SimulatedPlatform
from tests.support.world.portal import SimulatedCases, SimulatedRefusals, whoever
from tests.support.world.reference_data import Shelved
from tests.support.world.reports import SimulatedReports
from tests.support.world.security_events import SimulatedSecurityEvents
from tests.support.world.topics import SimulatedTopics
from tests.support.world.volumes import SimulatedCounts, counted_cases


class OneChange:
    """`case_portal.read_model.ports.Changes`: each case changes once."""

    @asynccontextmanager
    async def of_case(self, case: UUID) -> AsyncIterator[AsyncIterator[bool]]:
        """See the port."""

        async def changes() -> AsyncIterator[bool]:
            yield True
            yield False

        yield changes()


def portal_of(
    platform: SimulatedPlatform,
    desks: tuple[CommandGateway, CommandGateway],
    intake: Intake,
    now: Callable[[], datetime],
) -> Portal:
    """The portal over the documents of its process; pages and programs each have one of `desks`."""
    process = platform.services["portal"]
    state = process.log.state
    return Portal(
        cases=whoever(SimulatedCases(state)),
        refusals=whoever(SimulatedRefusals(state)),
        reports=whoever(SimulatedReports(state)),
        articles=lambda principal: SimulatedArticles(_articles(platform)),
        topics=whoever(SimulatedTopics(partial(_views, state))),
        counts=whoever(SimulatedCounts(partial(counted_cases, state))),
        accounts=platform.access_parts["credentials"],
        audit=OutboxAudit(process.outbox),
        access=platform.access,
        log_ins=LogInService(**platform.access_parts),
        own_account=OwnAccountService(**platform.access_parts),
        security=whoever(SimulatedSecurityEvents(state)),
        desk=desks[0],
        api_desk=desks[1],
        intake=intake,
        files=platform.blobs,
        changes=OneChange(),
        reference=platform.reference,
        loaded=lambda: True,
        secret=SECRET,
        now=now,
    )


def _articles(platform: SimulatedPlatform) -> list[Article]:
    known = platform.reference
    return list(known.articles.values()) if isinstance(known, Shelved) else []


def _views(state: State) -> Iterator[CaseView]:
    for kept in state.snapshots.values():
        yield view_of(kept.state)
