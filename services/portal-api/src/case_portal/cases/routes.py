"""Cases over the API: lists, one case, its history and its files."""

from typing import Annotated

from fastapi import Query, Request, Response

from case_portal.cases import serializers
from case_portal.cases.schemas import CaseDetails, CaseList, CaseQuery, History
from case_portal.cases.sort_orders import ranks_of
from case_portal.core.principal import scope_of
from case_portal.core.problem import UNKNOWN_FILE
from case_portal.links.service import visible_links
from case_portal.read_model.ports import Listing
from case_portal.read_model.reading import default_order, find_file, history
from case_portal.web.dependencies import (
    SEEN,
    CurrentPrincipal,
    SiteHere,
    allowed,
    reading_router,
    visible_case,
)
from case_portal.web.problems import documented
from case_portal.web.uploads import download

router = reading_router(400, 422, 503)


@router.get("/cases", tags=["cases"], responses=documented(401))
async def list_cases(
    site: SiteHere, principal: CurrentPrincipal, query: Annotated[CaseQuery, Query()]
) -> CaseList:
    """The cases that you may see. For agents, active cases without a given order are sorted by what
    breaches first; cases without a clock follow in order of arrival."""
    listing = Listing(
        view=query.view,
        search=query.search,
        sort=query.sort,
        descending=query.descending,
        ranks=ranks_of(site.reference.newest(principal.tenant)),
        page=query.page,
        order=default_order(principal, query.view),
    )
    found = await site.cases(principal).listed(scope_of(principal, query.mine), listing)
    cases = [serializers.desk_summary(case.view, principal) for case in found.cases]
    return CaseList(cases=cases, page=query.page, more=found.more)


@router.get("/cases/{reference}", tags=["cases"], responses=SEEN)
async def read_case(
    reference: str, request: Request, site: SiteHere, principal: CurrentPrincipal
) -> CaseDetails:
    """One case, and the steps that you may take now."""
    case = await visible_case(request, principal, reference)
    links = await visible_links(site.cases(principal), principal, case)
    return serializers.details(case, principal, site.reference, links)


@router.get("/cases/{reference}/history", tags=["cases"], responses=SEEN)
async def read_history(
    reference: str, request: Request, site: SiteHere, principal: CurrentPrincipal
) -> History:
    """Every event of the case that you may see, in order."""
    case = await visible_case(request, principal, reference)
    entries = await history(site.cases(principal), principal, case)
    known = case.view.reference
    shown = [serializers.entry_model(e, known, principal.tenant, site.reference) for e in entries]
    return History(reference=known, entries=shown)


@router.get(
    "/cases/{reference}/attachments/{sha256}",
    tags=["cases"],
    responses=SEEN | {200: {"content": {"*/*": {}}, "description": "The file, to be saved."}},
    response_class=Response,
)
async def read_file(
    reference: str,
    sha256: str,
    request: Request,
    site: SiteHere,
    principal: CurrentPrincipal,
    name: str = "",
) -> Response:
    """An attachment. Of files with equal bytes, the one with this name, or else the first."""
    case = await visible_case(request, principal, reference)
    entries = await history(site.cases(principal), principal, case)
    file = find_file(entries, sha256, name)
    return allowed(await download(site.files, principal.tenant, file) if file else UNKNOWN_FILE)
