"""The pages to read: start, lists, one case. They work without JavaScript."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from case_portal.cases.case_page import case_page
from case_portal.cases.schemas import CaseQuery
from case_portal.cases.sort_orders import ranks_of
from case_portal.core.principal import Principal, principal_of, scope_of
from case_portal.core.problem import UNKNOWN_FILE, Problem
from case_portal.read_model.ports import Listing
from case_portal.read_model.reading import (
    OpenCase,
    default_order,
    find_file,
    history,
    open_case,
)
from case_portal.web.portal import COOKIE, Portal, client_of, portal_of
from case_portal.web.problems import Stop
from case_portal.web.rendering import (
    Reader,
    own_form,
    page,
    public_page,
    reader_of,
    set_cookie,
)
from case_portal.web.uploads import download

router = APIRouter(include_in_schema=False)

PortalHere = Annotated[Portal, Depends(portal_of)]
ReaderHere = Annotated[Reader, Depends(reader_of)]
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
SAID = ("account", "password_set")
"""What the log-in page tells those who come from making an account or a password."""
QUEUE_COLUMNS = ("due", *DESK_COLUMNS[:-1])


@router.get("/login")
async def log_in_page(request: Request, portal: PortalHere, next: str = "/") -> Response:
    """Where people log in."""
    return _login(request, portal, next)


@router.post("/login", dependencies=[Depends(own_form)])
async def log_in(
    request: Request,
    portal: PortalHere,
    user: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session, and go on to where they wanted to be."""
    session = await portal.access.log_in(user, password, None, client_of(request))
    if isinstance(session, Problem) and session.retry_after:
        answer = _login(request, portal, back, user, "login.attempts", 429)
        answer.headers["Retry-After"] = str(session.retry_after)
        return answer
    if isinstance(session, Problem):
        return _login(request, portal, back, user, problem="login.wrong")
    if principal_of(session.account, portal.reference) is None:
        return _login(request, portal, back, user, problem="login.gone")
    answer = RedirectResponse(_own_path(back), 303)
    set_cookie(answer, portal, COOKIE, session.token)
    return answer


@router.post("/logout", dependencies=[Depends(own_form)])
async def log_out(request: Request, portal: PortalHere) -> Response:
    """End the session."""
    await portal.accounts.log_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/")
async def start(request: Request, portal: PortalHere, reader: ReaderHere) -> Response:
    """What waits for whoever opens it, then where to go."""
    principal = reader.principal
    listing = Listing(view="active", size=20, order=default_order(principal, "active"))
    found = await portal.cases.listed(scope_of(principal, mine=True), listing)
    is_contact = principal.kind == "contact"
    waiting = [case.view for case in found.cases if case.view.stands_out and is_contact]
    others = [case.view for case in found.cases if case.view not in waiting]
    return page(request, "start.html", reader, waiting=waiting, others=others[:8])


class ListQuery(CaseQuery):
    """What the links of the list say."""

    whose: Literal["", "mine"] = ""

    def link(self, **changed: Any) -> str:
        """The same list, but for what changed; a change starts at its first page."""
        told = self.model_dump(exclude={"mine", "page"}) | changed
        flat = {name: "true" if value is True else value for name, value in told.items() if value}
        return f"/cases?{urlencode(flat)}"


@router.get("/cases")
async def list_page(
    request: Request,
    portal: PortalHere,
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
        found=await portal.cases.listed(scope, listing),
        listing=listing,
        columns=_columns(reader.principal, listing),
        link=query.link,
        whose=query.whose,
        agent_name=lambda agent: _agent_name(portal, reader, agent),
        customer_name=lambda customer: _customer_name(portal, reader, customer),
    )


@router.get("/cases/{reference}")
async def read_page(
    reference: str,
    request: Request,
    portal: PortalHere,
    reader: ReaderHere,
    said: str = "",
) -> Response:
    """One case: its conversation, its state, what may be done."""
    case = await open_case(portal.cases, portal.reference, reader.principal, reference)
    if isinstance(case, Problem) and said == "created" and _is_reference(reader, reference):
        return page(request, "arriving.html", reader, reference=reference.upper())
    if isinstance(case, Problem):
        raise Stop(case)
    return await case_page(request, reader, case, said=said)


@router.get("/cases/{reference}/attachments/{sha256}")
async def file(reference: str, sha256: str, portal: PortalHere, reader: ReaderHere) -> Response:
    """An attachment, to be saved."""
    case = await _seen(portal, reader, reference)
    found = find_file(await history(portal.cases, reader.principal, case), sha256)
    tenant = reader.principal.tenant
    answer = await download(portal.files, tenant, found) if found else UNKNOWN_FILE
    if isinstance(answer, Problem):
        raise Stop(answer)
    return answer


@router.get("/cases/{reference}/events")
async def live(reference: str, portal: PortalHere, reader: ReaderHere) -> Response:
    """Server-sent events: `changed` whenever the case changed."""
    case = await _seen(portal, reader, reference)
    return StreamingResponse(
        _events(portal, reader, case),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(portal: Portal, reader: Reader, case: OpenCase) -> AsyncIterator[str]:
    """Until the case does not exist any more for whoever looks."""
    scope, reference = scope_of(reader.principal), case.view.reference
    async with portal.changes.of_case(case.case.id) as happened:
        yield "retry: 2000\n\n"
        async for changed in happened:
            if changed and await portal.cases.found(scope, reference) is None:
                return
            yield "event: changed\ndata: {}\n\n" if changed else ": nothing yet\n\n"


async def _seen(portal: Portal, reader: Reader, reference: str) -> OpenCase:
    case = await open_case(portal.cases, portal.reference, reader.principal, reference)
    if isinstance(case, Problem):
        raise Stop(case)
    return case


def _columns(principal: Principal, listing: Listing) -> tuple[str, ...]:
    if principal.kind == "contact":
        return COLUMNS
    return QUEUE_COLUMNS if listing.order == "due" else DESK_COLUMNS


def _login(
    request: Request,
    portal: Portal,
    back: str,
    user: str = "",
    problem: str = "",
    status: int = 401,
) -> Response:
    said = request.query_params.get("said", "")
    return public_page(
        request,
        portal,
        "login.html",
        status if problem else 200,
        back=_own_path(back),
        user=user,
        problem=problem,
        said=said if said in SAID and not problem else "",
    )


def _own_path(path: str) -> str:
    """A path of this site; the start page for anything else."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if own and path.isprintable() else "/"


def _is_reference(reader: Reader, text: str) -> bool:
    return [found.upper() for found in reader.definition.references_in(text)] == [text.upper()]


def _agent_name(portal: Portal, reader: Reader, agent: str) -> str:
    known = portal.reference.agent(reader.principal.tenant, agent)
    return known.name if known else agent


def _customer_name(portal: Portal, reader: Reader, customer: str) -> str:
    known = portal.reference.customer(reader.principal.tenant, customer)
    return known.name if known else customer
