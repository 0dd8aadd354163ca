"""Tags on the page of a case."""

from typing import Annotated

from case_events.contracts.tags import AddTag, RemoveTag
from fastapi import Form
from starlette.responses import Response

from case_portal.commands.forms import FormHere, form_router

router = form_router()

TagName = Annotated[str, Form(max_length=200)]


@router.post("/tag")
async def add_tag(form: FormHere, tag: TagName) -> Response:
    """Add a tag to the case."""
    return await form.ask(AddTag(tag=tag))


@router.post("/untag")
async def remove_tag(form: FormHere, tag: TagName) -> Response:
    """Remove a tag from the case."""
    return await form.ask(RemoveTag(tag=tag))
