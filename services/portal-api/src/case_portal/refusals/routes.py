"""Refusals over the API, for agents and auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from case_portal.core.principal import PerPrincipal
from case_portal.refusals.ports import Refusals
from case_portal.refusals.schemas import RefusalList, RefusalQuery
from case_portal.refusals.serializers import refusal_model
from case_portal.refusals.service import refused, refused_message
from case_portal.web.dependencies import (
    SEEN,
    CurrentPrincipal,
    SiteHere,
    allowed,
    port,
    reading_router,
)
from case_portal.web.uploads import download

router = reading_router(400, 422, 503)

RefusalsHere = Annotated[PerPrincipal[Refusals], port("refusals")]


@router.get("/refusals", tags=["refusals"], responses=SEEN)
async def list_refusals(
    site: SiteHere,
    refusals: RefusalsHere,
    principal: CurrentPrincipal,
    query: Annotated[RefusalQuery, Query()],
) -> RefusalList:
    """The refusals of your desk, latest first. For agents and auditors."""
    found = allowed(await refused(refusals(principal), principal, query.page))
    kept = [refusal_model(one, principal.tenant, site.reference) for one in found.refusals]
    return RefusalList(refusals=kept, page=query.page, more=found.more)


@router.get(
    "/refusals/{refusal}/raw",
    tags=["refusals"],
    responses=SEEN | {200: {"content": {"*/*": {}}, "description": "What arrived, to be saved."}},
    response_class=Response,
)
async def read_refused(
    refusal: UUID, site: SiteHere, refusals: RefusalsHere, principal: CurrentPrincipal
) -> Response:
    """The raw input that was refused, unchanged."""
    file = allowed(await refused_message(refusals(principal), principal, refusal))
    return allowed(await download(site.files, principal.tenant, file))
