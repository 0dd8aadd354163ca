"""The security log over the API, for administrators."""

from typing import Annotated

from fastapi import Query

from case_portal.core.principal import PerPrincipal
from case_portal.security.ports import SecurityEvents
from case_portal.security.schemas import SecurityEventList, SecurityQuery
from case_portal.security.serializers import security_model
from case_portal.security.service import security_log
from case_portal.web.dependencies import (
    SEEN,
    CurrentPrincipal,
    SiteHere,
    allowed,
    port,
    reading_router,
)

router = reading_router(400, 422, 503)

EventsHere = Annotated[PerPrincipal[SecurityEvents], port("security")]


@router.get("/security-events", tags=["security"], responses=SEEN)
async def list_security_events(
    site: SiteHere,
    events: EventsHere,
    principal: CurrentPrincipal,
    query: Annotated[SecurityQuery, Query()],
) -> SecurityEventList:
    """The security log of your desk, latest first: log-ins, changes of access, and what was read
    that is not one's own. For administrators."""
    found = allowed(
        await security_log(events(principal), site.cases(principal), principal, query.listing)
    )
    shown = [security_model(one, site.reference) for one in found.events]
    return SecurityEventList(events=shown, page=query.page, more=found.more)
