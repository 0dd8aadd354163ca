"""The security log, for administrators of the desk."""

from msgspec.structs import replace

from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.read_model.ports import Cases
from case_portal.security.ports import SecurityEvents, SecurityListing, SecurityPage


async def security_log(
    events: SecurityEvents, cases: Cases, principal: Principal, listing: SecurityListing
) -> SecurityPage | Problem:
    """The events of the principal's tenant. For anybody but an administrator there is nothing. An
    event names a case only if the case exists for the principal."""
    if not principal.administers:
        return UNKNOWN_PLACE
    found = await events.listed(principal.tenant, listing)
    named = frozenset(event.reference for event in found.events) - {""}
    exist = await cases.existing(scope_of(principal), named) if named else frozenset()
    shown = [
        event if event.reference in exist else replace(event, reference="")
        for event in found.events
    ]
    return replace(found, events=shown)
