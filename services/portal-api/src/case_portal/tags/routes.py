"""The API of tags."""

from case_events.contracts.tags import AddTag, RemoveTag

from case_portal.commands.dependencies import ASKED, Ask, command_router
from case_portal.commands.schemas import CommandState
from case_portal.web.schemas import RequestModel, Short

router = command_router(400, 422, 503, tags=["tags"])


class NewTag(RequestModel):
    """A tag of the definition, by its name."""

    tag: Short


@router.post("/cases/{reference}/tags", responses=ASKED)
async def add_tag(ask: Ask, form: NewTag) -> CommandState:
    """Add a tag to the case."""
    return await ask.ask(AddTag(tag=form.tag))


@router.delete("/cases/{reference}/tags/{tag}", responses=ASKED)
async def remove_tag(ask: Ask, tag: str) -> CommandState:
    """Remove a tag from the case."""
    return await ask.ask(RemoveTag(tag=tag))
