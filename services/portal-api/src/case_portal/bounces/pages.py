"""Addresses that take mail again, on the page of a case."""

from typing import Annotated

from case_events.contracts.bounces import MendAddress
from case_events.contracts.parts import Person
from fastapi import Form
from starlette.responses import Response

from case_portal.bounces.service import of_the_case
from case_portal.commands.forms import FormHere, form_router

router = form_router()


@router.post("/mended-address")
async def mend_address(form: FormHere, address: Annotated[str, Form(max_length=320)]) -> Response:
    """Send mail to an address again."""
    command = MendAddress(recipient="", personal=Person(address=address))
    return await form.ask(command, complete=of_the_case)
