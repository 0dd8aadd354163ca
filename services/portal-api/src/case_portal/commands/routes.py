"""The commands to every case over the API: comment, assign, assess, classify, take a step."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    SetFields,
)
from case_events.contracts.parts import WrittenContent
from fastapi import File, Form, UploadFile

from case_portal.commands.bodies import STEP_BODY, StepHere
from case_portal.commands.dependencies import ASKED, Ask, GatewayHere, command_router
from case_portal.commands.schemas import (
    AssignmentRequest,
    Classification,
    CommandState,
    Fields,
    Priority,
)
from case_portal.commands.serializers import command_state
from case_portal.core.problem import UNKNOWN_COMMAND
from case_portal.web.dependencies import SEEN, CurrentPrincipal, reading_router
from case_portal.web.problems import ProblemError
from case_portal.web.schemas import Long
from case_portal.web.uploads import received

reading = reading_router(400, 422, 503)
commands = command_router(400, 422, 503)


@reading.get("/commands/{command}", tags=["commands"], responses=SEEN)
async def read_command(
    command: UUID, gateway: GatewayHere, principal: CurrentPrincipal
) -> CommandState:
    """The outcome of a command that you sent."""
    asked = await gateway.asked(principal, command)
    if asked is None:
        raise ProblemError(UNKNOWN_COMMAND)
    return command_state(asked)


@commands.post("/cases/{reference}/comments", tags=["commands"], responses=ASKED)
async def comment(
    ask: Ask,
    text: Annotated[Long, Form()] = "",
    public: Annotated[bool, Form(description="Whether contacts see it.")] = True,
    seen: Annotated[int, Form(ge=0, le=2**53)] = 0,
    files: Annotated[Sequence[UploadFile], File(max_length=50)] = (),
) -> CommandState:
    """Write on the case, with attachments."""
    command = AddComment(public=public, seen=seen, personal=WrittenContent(text=text))
    return await ask.ask(command, await received(files))


@commands.post(
    "/cases/{reference}/transitions/{name}",
    tags=["commands"],
    responses=ASKED,
    openapi_extra=STEP_BODY,
)
async def take_step(ask: Ask, name: str, sent: StepHere) -> CommandState:
    """Take a transition of the case's definition, with files where it wants some."""
    command = ChangeStatus(
        transition=name,
        fields=sent.step.fields,
        seen=sent.step.seen,
        personal=WrittenContent(text=sent.step.comment),
    )
    return await ask.ask(command, sent.files)


@commands.post("/cases/{reference}/assignment", tags=["commands"], responses=ASKED)
async def assign(ask: Ask, form: AssignmentRequest) -> CommandState:
    """Assign the case to a team, or to an agent of the team."""
    return await ask.ask(AssignCase(team=form.team, agent=form.agent, seen=form.seen))


@commands.post("/cases/{reference}/priority", tags=["commands"], responses=ASKED)
async def assess(ask: Ask, form: Priority) -> CommandState:
    """Set the priority."""
    return await ask.ask(AssessPriority(priority=form.priority, axes=form.axes, seen=form.seen))


@commands.post("/cases/{reference}/type", tags=["commands"], responses=ASKED)
async def classify(ask: Ask, form: Classification) -> CommandState:
    """Give the case another type."""
    return await ask.ask(ClassifyCase(case_type=form.case_type, seen=form.seen))


@commands.post("/cases/{reference}/fields", tags=["commands"], responses=ASKED)
async def set_fields(ask: Ask, form: Fields) -> CommandState:
    """Fill in or change fields of the case."""
    return await ask.ask(SetFields(fields=form.fields, seen=form.seen))
