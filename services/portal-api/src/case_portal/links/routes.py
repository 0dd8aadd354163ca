"""Links between cases over the API: links, split, merge, follow-up, problems."""

from collections.abc import Sequence
from typing import Annotated, Literal

from case_events.contracts.links import (
    LinkCase,
    MergeCase,
    NewPart,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
    UndoMerge,
    UnlinkCase,
)
from case_events.contracts.parts import WrittenContent
from fastapi import File, Form, Request, UploadFile

from case_portal.commands.dependencies import ASKED, Ask, command_router
from case_portal.commands.schemas import CommandState
from case_portal.links.schemas import Another, LinkList, LinkTo, NewProblem, Split, Undo
from case_portal.links.serializers import link_model
from case_portal.links.service import complete, visible_links
from case_portal.web.dependencies import (
    SEEN,
    CurrentPrincipal,
    SiteHere,
    reading_router,
    visible_case,
)
from case_portal.web.schemas import Long, Short
from case_portal.web.uploads import received

reading = reading_router(400, 422, 503, prefix="/cases/{reference}")
commands = command_router(400, 422, 503, prefix="/cases/{reference}")


@reading.get("/links", tags=["links"], responses=SEEN)
async def read_links(
    reference: str, request: Request, site: SiteHere, principal: CurrentPrincipal
) -> LinkList:
    """The linked cases, as far as you may see them."""
    case = await visible_case(request, principal, reference)
    found = await visible_links(site.cases(principal), principal, case)
    weight = case.view.weight if principal.sees_internal else 0
    return LinkList(links=[link_model(link) for link in found], weight=weight)


@commands.post("/link", tags=["commands"], responses=ASKED)
async def link(ask: Ask, form: LinkTo) -> CommandState:
    """Link the case to its problem, or as a duplicate."""
    return await ask.ask(
        LinkCase(kind=form.kind, reference=form.reference, seen=form.seen), complete=complete
    )


@commands.delete("/links/{kind}/{other}", tags=["commands"], responses=ASKED)
async def unlink(ask: Ask, kind: Literal["problem", "duplicate"], other: str) -> CommandState:
    """Remove such a link."""
    return await ask.ask(UnlinkCase(kind=kind, reference=other), complete=complete)


@commands.post("/problem", tags=["commands"], responses=ASKED)
async def open_problem(ask: Ask, form: NewProblem) -> CommandState:
    """Open a problem. This case is its first report."""
    words = WrittenContent(title=form.title, text=form.text)
    return await ask.ask(OpenProblem(case_type=form.case_type, personal=words, seen=form.seen))


@commands.post("/split", tags=["commands"], responses=ASKED)
async def split(ask: Ask, form: Split) -> CommandState:
    """Make several new cases of a case that is about several things."""
    parts = tuple(
        NewPart(
            case_type=part.case_type,
            comments=tuple(part.comments),
            personal=WrittenContent(title=part.title, text=part.text),
        )
        for part in form.parts
    )
    return await ask.ask(SplitCase(parts=parts, seen=form.seen), complete=complete)


@commands.post("/merge", tags=["commands"], responses=ASKED)
async def merge(ask: Ask, form: Another) -> CommandState:
    """Merge this case into another case of the same customer."""
    return await ask.ask(MergeCase(reference=form.reference, seen=form.seen), complete=complete)


@commands.post("/merge/undo", tags=["commands"], responses=ASKED)
async def undo_merge(ask: Ask, form: Undo) -> CommandState:
    """Undo the merge of this case."""
    return await ask.ask(UndoMerge(seen=form.seen))


@commands.post("/follow-up", tags=["commands"], responses=ASKED)
async def follow_up(
    ask: Ask,
    text: Annotated[Long, Form()] = "",
    title: Annotated[Short, Form()] = "",
    seen: Annotated[int, Form(ge=0, le=2**53)] = 0,
    files: Annotated[Sequence[UploadFile], File(max_length=50)] = (),
) -> CommandState:
    """Open a new case that continues this one, which has ended."""
    command = RequestFollowUp(seen=seen, personal=WrittenContent(text=text, title=title))
    return await ask.ask(command, await received(files), complete)
