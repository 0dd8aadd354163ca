"""The commands about other cases on the page of a case."""

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
from case_events.contracts.parts import WrittenContent
from fastapi import Form
from starlette.responses import Response

from case_portal.commands.forms import FormHere, form_router
from case_portal.links.service import complete
from case_portal.web.forms import Seen, Text, plain

router = form_router()
Line = Annotated[str, Form(max_length=200)]


@router.post("/follow-up")
async def follow_up(form: FormHere, text: Text = "", seen: Seen = 0) -> Response:
    """Open a new case that continues this one."""
    command = RequestFollowUp(seen=seen, personal=WrittenContent(text=plain(text)))
    return await form.ask(command, draft=text, complete=complete)


@router.post("/link")
async def link(
    form: FormHere,
    kind: Annotated[Literal["problem", "duplicate"], Form()],
    other: Line,
    seen: Seen = 0,
) -> Response:
    """Link the case to its problem, or as a duplicate."""
    return await form.ask(LinkCase(kind=kind, reference=plain(other), seen=seen), complete=complete)


@router.post("/problem")
async def problem(form: FormHere, title: Line, text: Text = "", seen: Seen = 0) -> Response:
    """Open a problem. This case is its first report."""
    words = WrittenContent(title=plain(title), text=plain(text))
    return await form.ask(OpenProblem(personal=words, seen=seen), draft=text)


@router.post("/split")
async def split(form: FormHere, title: Line, text: Text = "", seen: Seen = 0) -> Response:
    """Make a new case from a part of this one."""
    part = NewPart(personal=WrittenContent(title=plain(title), text=plain(text)))
    return await form.ask(SplitCase(parts=(part,), seen=seen), draft=text, complete=complete)


@router.post("/merge")
async def merge(form: FormHere, other: Line, seen: Seen = 0) -> Response:
    """Merge this case into another one."""
    return await form.ask(MergeCase(reference=plain(other), seen=seen), complete=complete)


@router.post("/merge/undo")
async def undo_merge(form: FormHere, seen: Seen = 0) -> Response:
    """Undo the merge of this case."""
    return await form.ask(UndoMerge(seen=seen))
