"""Saying that an address takes mail again."""

from case_definition.lookup.reference import Reference
from case_events.contracts.bounces import MendAddress
from case_events.contracts.commands import Command
from msgspec.structs import replace

from case_portal.bounces.projection import key_of
from case_portal.core.principal import Principal
from case_portal.core.problem import UNKNOWN_ADDRESS, Problem
from case_portal.read_model.ports import Cases
from case_portal.read_model.reading import OpenCase


async def of_the_case(
    cases: Cases, reference: Reference, principal: Principal, case: OpenCase, command: Command
) -> Command | Problem:
    """The command with the recipient whose address it is; a problem if no mail of the case was lost
    there."""
    assert isinstance(command, MendAddress)
    bounced = case.view.bounces.get(key_of(command.personal.address))
    if bounced is None:
        return UNKNOWN_ADDRESS
    return replace(command, recipient=bounced.recipient or "address")
