"""The commands on the page of every case: comment, assign, assess, classify, take a step."""

from collections.abc import Sequence
from typing import Annotated

from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
)
from case_events.contracts.parts import WrittenContent
from fastapi import File, Form, UploadFile
from starlette.responses import Response

from case_portal.commands.forms import FormHere, form_router
from case_portal.web.forms import Seen, Text, plain
from case_portal.web.uploads import received

router = form_router()


@router.post("/comment")
async def comment(
    form: FormHere,
    text: Text = "",
    audience: Annotated[str, Form()] = "public",
    seen: Seen = 0,
    files: Annotated[Sequence[UploadFile], File()] = (),
) -> Response:
    """Write on the case."""
    command = AddComment(
        public=audience != "internal", seen=seen, personal=WrittenContent(text=plain(text))
    )
    return await form.ask(command, await received(files), draft=text)


@router.post("/step/{name}")
async def step(
    form: FormHere,
    name: str,
    text: Text = "",
    seen: Seen = 0,
    files: Annotated[Sequence[UploadFile], File()] = (),
) -> Response:
    """Take a step of the definition."""
    command = ChangeStatus(
        transition=name,
        fields=await form.filled_in(),
        seen=seen,
        personal=WrittenContent(text=plain(text)),
    )
    return await form.ask(command, await received(files), draft=text)


@router.post("/assignment")
async def assignment(
    form: FormHere, team: Annotated[str, Form()], agent: Annotated[str, Form()] = "", seen: Seen = 0
) -> Response:
    """Assign the case to a team or agent."""
    return await form.ask(AssignCase(team=plain(team), agent=plain(agent), seen=seen))


@router.post("/priority")
async def priority(form: FormHere, priority: Annotated[str, Form()], seen: Seen = 0) -> Response:
    """Set the priority."""
    return await form.ask(AssessPriority(priority=plain(priority), seen=seen))


@router.post("/type")
async def case_type(form: FormHere, case_type: Annotated[str, Form()], seen: Seen = 0) -> Response:
    """Give the case another type."""
    return await form.ask(ClassifyCase(case_type=plain(case_type), seen=seen))
