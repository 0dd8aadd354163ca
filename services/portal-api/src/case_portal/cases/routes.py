"""The API of the portal: cases to read, and commands to ask. Everything is under /api/v1."""

from collections.abc import Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
    SetFields,
)
from case_events.contracts.parts import Words
from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.security import APIKeyCookie, HTTPBearer

from case_portal.cases import schemas as models
from case_portal.cases import serializers as answers
from case_portal.cases.sort_orders import ranks_of
from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import (
    BRINGS_NOTHING_IN,
    UNKNOWN_COMMAND,
    UNKNOWN_FILE,
    Problem,
)
from case_portal.links.service import visible_links
from case_portal.read_model.ports import Listing, Upload
from case_portal.read_model.reading import (
    OpenCase,
    default_order,
    find_file,
    history,
    open_case,
    refused,
    refused_message,
)
from case_portal.web.portal import COOKIE, Portal, bearer_of, client_of, portal_of
from case_portal.web.problems import LOG_IN, Stop, documented, refusal_of
from case_portal.web.schemas import Long
from case_portal.web.uploads import download, received

T = TypeVar("T")
API = "/api/v1"

bearer = HTTPBearer(auto_error=False, description="Of a session, or of `casefold portal token`.")
cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="For reading only.")

router = APIRouter(prefix=API, responses=documented(400, 422, 503))
reading = APIRouter(dependencies=[Depends(bearer), Depends(cookie)])
asking = APIRouter(dependencies=[Depends(bearer)])


def asking_router() -> APIRouter:
    """A router for what is asked of cases, for a module of its own."""
    return APIRouter(
        prefix=API, dependencies=[Depends(bearer)], responses=documented(400, 422, 503)
    )


PortalHere = Annotated[Portal, Depends(portal_of)]


async def whoever_reads(request: Request, portal: PortalHere) -> Principal:
    """Whoever holds the token; for reading, a page's cookie will do."""
    token = bearer_of(request)
    if not token and request.method in ("GET", "HEAD"):
        token = request.cookies.get(COOKIE, "")
    principal = await portal.principal(token)
    if principal is None:
        raise Stop(LOG_IN, 401)
    return principal


Reader = Annotated[Principal, Depends(whoever_reads)]
SEEN = documented(401, 404)
ASKED = documented(401, 403, 404, 409, 413) | {
    202: {"model": models.CommandState, "description": "Taken in; look at `href` for the outcome."}
}


@router.post("/session", tags=["session"], responses=documented(401, 429))
async def log_in(request: Request, form: models.LogIn, portal: PortalHere) -> models.LoggedIn:
    """Log in: the token goes into `Authorization: Bearer`. Attempts are counted, by user name and
    by network address."""
    session = await portal.access.log_in(form.user, form.password, form.tenant, client_of(request))
    if isinstance(session, Problem):
        raise Stop(session, 401 if session.kind == "forbidden" else 0)
    return models.LoggedIn(token=session.token, expires_at=session.expires_at)


@asking.delete("/session/current", tags=["session"], status_code=204, responses=documented(401))
async def log_out(request: Request, portal: PortalHere, reader: Reader) -> None:
    """End the session of this token."""
    await portal.accounts.log_out(bearer_of(request))


@asking.post("/session/pass", tags=["session"], status_code=201, responses=documented(401, 403))
async def pass_for_intake(portal: PortalHere, reader: Reader) -> models.LoggedIn:
    """A token for intake's API, in your name: there a contact brings a case in, and an agent types
    in what came by telephone or letter."""
    if reader.kind not in ("contact", "agent"):
        raise Stop(BRINGS_NOTHING_IN)
    given = portal.intake.pass_for(reader)
    return models.LoggedIn(token=given.token, expires_at=given.expires_at)


@asking.post(
    "/invitations", tags=["access"], status_code=201, responses=documented(401, 403, 404, 409)
)
async def invite(form: models.Invitation, portal: PortalHere, reader: Reader) -> models.Invited:
    """Invite a contact of the directory: they get a mail with a link and a personal code."""
    invited = allowed(await portal.access.invite(reader, form.contact))
    return models.Invited(contact=invited.contact, expires_at=invited.expires_at)


@reading.get("/cases", tags=["cases"], responses=documented(401))
async def list_cases(
    portal: PortalHere, reader: Reader, query: Annotated[models.CaseQuery, Query()]
) -> models.CaseList:
    """The cases that you may see. At the desk, active ones that nobody sorted stand by what
    breaches first, then those without a clock in order of arrival."""
    listing = Listing(
        view=query.view,
        search=query.search,
        sort=query.sort,
        descending=query.descending,
        ranks=ranks_of(portal.reference.newest(reader.tenant)),
        page=query.page,
        order=default_order(reader, query.view),
    )
    found = await portal.cases.listed(scope_of(reader, query.mine), listing)
    cases = [answers.desk_summary(case.view, reader) for case in found.cases]
    return models.CaseList(cases=cases, page=query.page, more=found.more)


@reading.get("/cases/{reference}", tags=["cases"], responses=SEEN)
async def read_case(reference: str, portal: PortalHere, reader: Reader) -> models.CaseDetails:
    """One case, and the steps that it allows you now."""
    case = await seen(portal, reader, reference)
    links = await visible_links(portal.cases, reader, case)
    return answers.details(case, reader, portal.reference, links)


@reading.get("/cases/{reference}/history", tags=["cases"], responses=SEEN)
async def read_history(reference: str, portal: PortalHere, reader: Reader) -> models.History:
    """Every event of the case that you may see, in order."""
    case = await seen(portal, reader, reference)
    entries = await history(portal.cases, reader, case)
    known = case.view.reference
    shown = [answers.entry_model(e, known, reader.tenant, portal.reference) for e in entries]
    return models.History(reference=known, entries=shown)


@reading.get(
    "/cases/{reference}/attachments/{sha256}",
    tags=["cases"],
    responses=SEEN | {200: {"content": {"*/*": {}}, "description": "The file, to be saved."}},
    response_class=Response,
)
async def read_file(reference: str, sha256: str, portal: PortalHere, reader: Reader) -> Response:
    """An attachment."""
    case = await seen(portal, reader, reference)
    file = find_file(await history(portal.cases, reader, case), sha256)
    answer = await download(portal.files, reader.tenant, file) if file else UNKNOWN_FILE
    if isinstance(answer, Problem):
        raise Stop(answer)
    return answer


@reading.get("/commands/{command}", tags=["commands"], responses=SEEN)
async def read_command(command: UUID, portal: PortalHere, reader: Reader) -> models.CommandState:
    """What became of a command that you asked."""
    asked = await portal.api_desk.asked(reader, command)
    if asked is None:
        raise Stop(UNKNOWN_COMMAND)
    return answers.command_state(asked)


@reading.get("/refusals", tags=["refusals"], responses=SEEN)
async def list_refusals(
    portal: PortalHere, reader: Reader, query: Annotated[models.RefusalQuery, Query()]
) -> models.RefusalList:
    """What was refused at your desk, the last first; for agents and auditors."""
    found = allowed(await refused(portal.refusals, reader, query.page))
    kept = [answers.refusal_model(one, reader.tenant, portal.reference) for one in found.refusals]
    return models.RefusalList(refusals=kept, page=query.page, more=found.more)


@reading.get(
    "/refusals/{refusal}/raw",
    tags=["refusals"],
    responses=SEEN | {200: {"content": {"*/*": {}}, "description": "What arrived, to be saved."}},
    response_class=Response,
)
async def read_refused(refusal: UUID, portal: PortalHere, reader: Reader) -> Response:
    """What arrived and was refused, as it arrived."""
    file = allowed(await refused_message(portal.refusals, reader, refusal))
    return allowed(await download(portal.files, reader.tenant, file))


def allowed(found: T | Problem) -> T:
    """What was found, or the end of the request."""
    if isinstance(found, Problem):
        raise Stop(found)
    return found


async def seen(portal: Portal, reader: Principal, reference: str) -> OpenCase:
    """The case, or the end of the request."""
    return allowed(await open_case(portal.cases, portal.reference, reader, reference))


class Asking:
    """One request that asks something of a case."""

    def __init__(
        self, reference: str, response: Response, portal: PortalHere, reader: Reader
    ) -> None:
        self.reference, self.response = reference, response
        self.portal, self.principal = portal, reader

    async def ask(self, command: Command, uploads: Sequence[Upload] = ()) -> models.CommandState:
        """Ask; 202 and where to look, where the answer is not there in time."""
        counter = self.portal.counter(self.portal.api_desk)
        asked = await counter.act(self.principal, self.reference, command, uploads)
        if isinstance(asked, Problem):
            raise Stop(asked)
        refusal = refusal_of(asked)
        if refusal is not None:
            raise Stop(refusal)
        state = answers.command_state(asked)
        if state.status == "pending":
            self.response.status_code = 202
            self.response.headers["Location"] = state.href
        return state


Ask = Annotated[Asking, Depends()]


@asking.post("/cases/{reference}/comments", tags=["commands"], responses=ASKED)
async def comment(
    ask: Ask,
    text: Annotated[Long, Form()] = "",
    public: Annotated[bool, Form(description="Whether contacts see it.")] = True,
    seen: Annotated[int, Form(ge=0, le=2**53)] = 0,
    files: Annotated[Sequence[UploadFile], File(max_length=50)] = (),
) -> models.CommandState:
    """Write on the case, with attachments."""
    command = AddComment(public=public, seen=seen, personal=Words(text=text))
    return await ask.ask(command, await received(files))


@asking.post("/cases/{reference}/transitions/{name}", tags=["commands"], responses=ASKED)
async def take_step(ask: Ask, name: str, form: models.Transition) -> models.CommandState:
    """Take a transition of the case's definition."""
    return await ask.ask(
        ChangeStatus(
            transition=name,
            fields=form.fields,
            seen=form.seen,
            personal=Words(text=form.comment),
        )
    )


@asking.post("/cases/{reference}/assignment", tags=["commands"], responses=ASKED)
async def assign(ask: Ask, form: models.Assignment) -> models.CommandState:
    """Hand the case to a team, or an agent of it."""
    return await ask.ask(AssignCase(team=form.team, agent=form.agent, seen=form.seen))


@asking.post("/cases/{reference}/priority", tags=["commands"], responses=ASKED)
async def assess(ask: Ask, form: models.Priority) -> models.CommandState:
    """Set the priority."""
    return await ask.ask(AssessPriority(priority=form.priority, axes=form.axes, seen=form.seen))


@asking.post("/cases/{reference}/type", tags=["commands"], responses=ASKED)
async def classify(ask: Ask, form: models.Classification) -> models.CommandState:
    """Give the case another type."""
    return await ask.ask(ClassifyCase(case_type=form.case_type, seen=form.seen))


@asking.post("/cases/{reference}/fields", tags=["commands"], responses=ASKED)
async def set_fields(ask: Ask, form: models.Fields) -> models.CommandState:
    """Fill in or change fields of the case."""
    return await ask.ask(SetFields(fields=form.fields, seen=form.seen))


router.include_router(reading)
router.include_router(asking)
