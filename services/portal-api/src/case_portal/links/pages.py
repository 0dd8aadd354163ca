"""What people ask about other cases on the page of a case."""

from typing import Annotated, Literal

from case_events.contracts.links import (
    LinkCase,
    MergeCase,
    NewPart,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
    UndoMerge,
)
from case_events.contracts.parts import Words
from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from case_portal.commands.pages import Here, Seen, Text, plain
from case_portal.web.rendering import own_form

router = APIRouter(
    prefix="/cases/{reference}", include_in_schema=False, dependencies=[Depends(own_form)]
)
Line = Annotated[str, Form(max_length=200)]


@router.post("/follow-up")
async def follow_up(here: Here, text: Text = "", seen: Seen = 0) -> Response:
    """Open a new case that goes on where this one stopped."""
    command = RequestFollowUp(seen=seen, personal=Words(text=plain(text)))
    return await here.ask(command, draft=text)


@router.post("/link")
async def link(
    here: Here,
    kind: Annotated[Literal["problem", "duplicate"], Form()],
    other: Line,
    seen: Seen = 0,
) -> Response:
    """Link the case to its problem, or as a duplicate."""
    return await here.ask(LinkCase(kind=kind, reference=plain(other), seen=seen))


@router.post("/problem")
async def problem(here: Here, title: Line, text: Text = "", seen: Seen = 0) -> Response:
    """Open a problem that this case is the first report of."""
    words = Words(title=plain(title), text=plain(text))
    return await here.ask(OpenProblem(personal=words, seen=seen), draft=text)


@router.post("/split")
async def split(here: Here, title: Line, text: Text = "", seen: Seen = 0) -> Response:
    """Make a case of its own of a part of this one."""
    part = NewPart(personal=Words(title=plain(title), text=plain(text)))
    return await here.ask(SplitCase(parts=(part,), seen=seen), draft=text)


@router.post("/merge")
async def merge(here: Here, other: Line, seen: Seen = 0) -> Response:
    """Let this case go on in another one."""
    return await here.ask(MergeCase(reference=plain(other), seen=seen))


@router.post("/merge/undo")
async def undo_merge(here: Here, seen: Seen = 0) -> Response:
    """Let a merged case live by itself again."""
    return await here.ask(UndoMerge(seen=seen))
