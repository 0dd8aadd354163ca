"""The security log over the documents of the reaction."""

import msgspec
from case_events.testing.memory.state import State
from case_portal.security.ports import SecurityListing, SecurityPage, SecurityView


class SimulatedSecurityEvents:
    """`case_portal.security.ports.SecurityEvents`."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def listed(self, tenant: str, listing: SecurityListing) -> SecurityPage:
        """A page of events, latest first."""
        every = [
            msgspec.json.decode(document, type=SecurityView)
            for (_, key), document in self._state.documents.items()
            if key.startswith("security:")
        ]
        found = [
            one
            for one in sorted(every, key=lambda one: (one.at, str(one.id)), reverse=True)
            if one.tenant == tenant
            and listing.type in (None, one.type)
            and listing.outcome in (None, one.outcome)
        ]
        first = (listing.page - 1) * listing.size
        return SecurityPage(found[first : first + listing.size], len(found) > first + listing.size)
