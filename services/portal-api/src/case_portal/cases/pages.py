"""The pages for reading: start, lists, one case. They work without JavaScript."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response, StreamingResponse

from case_portal.cases.case_page import case_page
from case_portal.cases.schemas import CaseQuery
from case_portal.cases.sort_orders import ranks_of
from case_portal.commands.forms import FormRefused
from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import UNKNOWN_FILE, Problem
from case_portal.read_model.ports import Changes, Listing
from case_portal.read_model.reading import (
    OpenCase,
    default_order,
    find_file,
    history,
    open_case,
)
from case_portal.web.dependencies import (
    ReaderHere,
    SiteHere,
    allowed,
    port,
    site_of,
    visible_case,
)
from case_portal.web.problems import STATUS
from case_portal.web.reader import Reader
from case_portal.web.rendering import error_page, page
from case_portal.web.site import COOKIE, Site
from case_portal.web.uploads import download


class CaseReference(Convertor[str]):
    """The reference of a case in a path. "new" is excluded, because it is the path of the form."""

    regex = r"(?!new$)[^/]+"

    def convert(self, value: str) -> str:
        """The reference as it is in the path."""
        return value

    def to_string(self, value: str) -> str:
        """The reference as it is written into a path."""
        return value


register_url_convertor("case_reference", CaseReference())
router = APIRouter(include_in_schema=False)

ChangesHere = Annotated[Changes, port("changes")]

COLUMNS = (
    "reference",
    "title",
    "case_type",
    "priority",
    "status",
    "last_answer_at",
    "waits_for",
)
DESK_COLUMNS = (
    "reference",
    "title",
    "customer",
    "case_type",
    "priority",
    "status",
    "waits_for",
    "agent",
    "updated_at",
)
QUEUE_COLUMNS = ("due", *DESK_COLUMNS[:-1])


@router.get("/")
async def start(request: Request, site: SiteHere, reader: ReaderHere) -> Response:
    """The cases that wait for the reader, and links to the other pages."""
    principal = reader.principal
    listing = Listing(view="active", size=20, order=default_order(principal, "active"))
    found = await site.cases(principal).listed(scope_of(principal, mine=True), listing)
    is_contact = principal.kind == "contact"
    waiting = [case.view for case in found.cases if case.view.stands_out and is_contact]
    others = [case.view for case in found.cases if case.view not in waiting]
    return page(request, "start.html", reader, waiting=waiting, others=others[:8])


class ListQuery(CaseQuery):
    """The query parameters of a list."""

    whose: Literal["", "mine"] = ""

    def link(self, **changed: Any) -> str:
        """The same list with these changes. A change begins at the first page."""
        parameters = self.model_dump(exclude={"mine", "page"}) | changed
        flat = {
            name: "true" if value is True else value for name, value in parameters.items() if value
        }
        return f"/cases?{urlencode(flat)}"


@router.get("/cases")
async def list_page(
    request: Request,
    site: SiteHere,
    reader: ReaderHere,
    query: Annotated[ListQuery, Query()],
) -> Response:
    """The cases of a view, sorted and searched."""
    listing = Listing(
        view=query.view,
        search=query.search,
        sort=query.sort,
        descending=query.descending,
        ranks=ranks_of(reader.definition),
        page=query.page,
        order=default_order(reader.principal, query.view),
    )
    scope = scope_of(reader.principal, query.whose == "mine")
    return page(
        request,
        "cases.html",
        reader,
        found=await site.cases(reader.principal).listed(scope, listing),
        listing=listing,
        columns=_columns(reader.principal, listing),
        link=query.link,
        whose=query.whose,
        agent_name=lambda agent: _agent_name(site, reader, agent),
        customer_name=lambda customer: _customer_name(site, reader, customer),
    )


@router.get("/cases/{reference:case_reference}")
async def read_page(
    reference: str,
    request: Request,
    reader: ReaderHere,
    notice: str = "",
) -> Response:
    """One case: its conversation, its state, and the possible commands."""
    principal = reader.principal
    case = await visible_case(request, principal, reference)
    return await case_page(request, reader, case, notice=notice)


async def form_refused(request: Request, error: Exception) -> Response:
    """The page of a case with the refused command and its draft."""
    assert isinstance(error, FormRefused)
    site, reader = site_of(request), error.reader
    principal = reader.principal
    case = await open_case(site.cases(principal), site.reference, principal, error.reference)
    if isinstance(case, Problem):
        return await error_page(request, case, STATUS[case.kind])
    return await case_page(request, reader, case, problem=error.problem, draft=error.draft)


@router.get("/cases/{reference}/attachments/{sha256}")
async def file(
    reference: str,
    sha256: str,
    request: Request,
    site: SiteHere,
    reader: ReaderHere,
    name: str = "",
) -> Response:
    """An attachment, to be saved."""
    case = await visible_case(request, reader.principal, reference)
    entries = await history(site.cases(reader.principal), reader.principal, case)
    found = find_file(entries, sha256, name)
    tenant = reader.principal.tenant
    return allowed(await download(site.files, tenant, found) if found else UNKNOWN_FILE)


@router.get("/cases/{reference}/events")
async def live(
    reference: str, request: Request, site: SiteHere, changes: ChangesHere, reader: ReaderHere
) -> Response:
    """Server-sent events: `changed` after each change of the case, until the session ends."""
    principal = reader.principal
    case = allowed(await open_case(site.cases(principal), site.reference, principal, reference))
    return StreamingResponse(
        _events(site, changes, reader, case, request.cookies.get(COOKIE, "")),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(
    site: Site, changes: Changes, reader: Reader, case: OpenCase, token: str
) -> AsyncIterator[str]:
    """Events until the session ends, or the case no longer exists for the reader. A page that is
    only open does not use its session."""
    scope, reference = scope_of(reader.principal), case.view.reference
    cases = site.cases(reader.principal)
    async with changes.of_case(case.case.id) as happened:
        yield "retry: 2000\n\n"
        async for changed in happened:
            if await site.signed_in(token, used=False) is None:
                return
            if changed and await cases.found(scope, reference) is None:
                return
            yield "event: changed\ndata: {}\n\n" if changed else ": nothing yet\n\n"


def _columns(principal: Principal, listing: Listing) -> tuple[str, ...]:
    if principal.kind == "contact":
        return COLUMNS
    return QUEUE_COLUMNS if listing.order == "due" else DESK_COLUMNS


def _agent_name(site: Site, reader: Reader, agent: str) -> str:
    known = site.reference.agent(reader.principal.tenant, agent)
    return known.name if known else agent


def _customer_name(site: Site, reader: Reader, customer: str) -> str:
    known = site.reference.customer(reader.principal.tenant, customer)
    return known.name if known else customer
