"""Other cases by the API: links, split, merge, follow-up, problems."""

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
from case_events.contracts.parts import Words
from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import BaseModel, Field

from case_portal.cases import serializers as answers
from case_portal.cases.routes import (
    ASKED,
    SEEN,
    Ask,
    PortalHere,
    Reader,
    bearer,
    cookie,
    seen,
)
from case_portal.cases.schemas import CommandState, LinkModel
from case_portal.core.principal import Principal
from case_portal.links.service import visible_links
from case_portal.read_model.reading import OpenCase
from case_portal.web.portal import Portal
from case_portal.web.problems import documented
from case_portal.web.schemas import Long, Part, Seen, Short
from case_portal.web.uploads import received

router = APIRouter(prefix="/api/v1/cases/{reference}", responses=documented(400, 422, 503))
reading = APIRouter(dependencies=[Depends(bearer), Depends(cookie)])
asking = APIRouter(dependencies=[Depends(bearer)])


class LinkList(BaseModel):
    """The cases that one has to do with. `weight` is that of a problem: how many reported it."""

    links: list[LinkModel]
    weight: int = 0


class Another(Part):
    """Another case, by its reference."""

    reference: Short
    seen: Seen = 0


class LinkTo(Another):
    """Say that the case reports a problem, or is a duplicate of another."""

    kind: Literal["problem", "duplicate"]


class PartOfCase(Part):
    """A case to make of a part of this one. `comments` are the ids of public comments of it, which
    the new case begins with; without a type it has the same one."""

    case_type: Short = ""
    title: Short
    text: Long = ""
    comments: list[Short] = Field(default=[], max_length=50)


class Split(Part):
    """The cases to make. This one stays what it is."""

    parts: list[PartOfCase] = Field(min_length=1, max_length=20)
    seen: Seen = 0


class Undo(Part):
    """What was looked at."""

    seen: Seen = 0


class NewProblem(Part):
    """A problem that this case is the first report of."""

    case_type: Short = ""
    title: Short
    text: Long = ""
    seen: Seen = 0


async def links_of(portal: Portal, reader: Principal, case: OpenCase) -> LinkList:
    """The links of a case that somebody may see."""
    found = await visible_links(portal.cases, reader, case)
    weight = case.view.weight if reader.sees_internal else 0
    return LinkList(links=[answers.link_model(link) for link in found], weight=weight)


@reading.get("/links", tags=["links"], responses=SEEN)
async def read_links(reference: str, portal: PortalHere, reader: Reader) -> LinkList:
    """The cases that this one has to do with, as far as you may see them."""
    return await links_of(portal, reader, await seen(portal, reader, reference))


@asking.post("/link", tags=["commands"], responses=ASKED)
async def link(ask: Ask, form: LinkTo) -> CommandState:
    """Link the case to its problem, or as a duplicate."""
    return await ask.ask(LinkCase(kind=form.kind, reference=form.reference, seen=form.seen))


@asking.delete("/links/{kind}/{other}", tags=["commands"], responses=ASKED)
async def unlink(ask: Ask, kind: Literal["problem", "duplicate"], other: str) -> CommandState:
    """Take such a link away."""
    return await ask.ask(UnlinkCase(kind=kind, reference=other))


@asking.post("/problem", tags=["commands"], responses=ASKED)
async def open_problem(ask: Ask, form: NewProblem) -> CommandState:
    """Open a problem that this case is the first report of."""
    words = Words(title=form.title, text=form.text)
    return await ask.ask(OpenProblem(case_type=form.case_type, personal=words, seen=form.seen))


@asking.post("/split", tags=["commands"], responses=ASKED)
async def split(ask: Ask, form: Split) -> CommandState:
    """Make several new cases of one that is about several things."""
    parts = tuple(
        NewPart(
            case_type=part.case_type,
            comments=tuple(part.comments),
            personal=Words(title=part.title, text=part.text),
        )
        for part in form.parts
    )
    return await ask.ask(SplitCase(parts=parts, seen=form.seen))


@asking.post("/merge", tags=["commands"], responses=ASKED)
async def merge(ask: Ask, form: Another) -> CommandState:
    """Let this case go on in another one of the same customer."""
    return await ask.ask(MergeCase(reference=form.reference, seen=form.seen))


@asking.post("/merge/undo", tags=["commands"], responses=ASKED)
async def undo_merge(ask: Ask, form: Undo) -> CommandState:
    """Let a merged case live by itself again."""
    return await ask.ask(UndoMerge(seen=form.seen))


@asking.post("/follow-up", tags=["commands"], responses=ASKED)
async def follow_up(
    ask: Ask,
    text: Annotated[Long, Form()] = "",
    title: Annotated[Short, Form()] = "",
    seen: Annotated[int, Form(ge=0, le=2**53)] = 0,
    files: Annotated[Sequence[UploadFile], File(max_length=50)] = (),
) -> CommandState:
    """Open a new case that goes on where this one, which has ended, stopped."""
    command = RequestFollowUp(seen=seen, personal=Words(text=text, title=title))
    return await ask.ask(command, await received(files))


router.include_router(reading)
router.include_router(asking)
