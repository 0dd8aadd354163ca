"""The API of addresses that take mail again."""

from case_events.contracts.bounces import MendAddress
from case_events.contracts.parts import Person

from case_portal.bounces.schemas import MendedAddress
from case_portal.bounces.service import of_the_case
from case_portal.commands.dependencies import ASKED, Ask, command_router
from case_portal.commands.schemas import CommandState

router = command_router(400, 422, 503, tags=["people"])


@router.post("/cases/{reference}/mended-addresses", responses=ASKED)
async def mend_address(ask: Ask, form: MendedAddress) -> CommandState:
    """Send mail to an address again, which a mail about the case did not reach."""
    command = MendAddress(recipient="", personal=Person(address=form.address))
    return await ask.ask(command, complete=of_the_case)
