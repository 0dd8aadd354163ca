"""The accounts and the security log of the portal over ports in memory."""

from typing import Any

from case_definition.lookup.reference import Reference
from case_definition.schema.directory import entry_kind
from case_events.contracts.security import SecurityEvent
from case_events.envelope import Record
from case_events.testing.memory import MemoryLog
from case_events.testing.memory.state import State
from case_portal.access.ports import KnownAccount
from case_portal.core.principal import Account, Principal
from case_portal.core.sessions import Session
from case_portal.portal import Portal
from case_portal.projection import react
from case_portal.security.ports import SecurityListing, SecurityPage

from tests.support.wire import codec
from tests.support.world.access import BookAccounts
from tests.support.world.security_events import SimulatedSecurityEvents
from tests.unit.portal.portal_sample import PEOPLE


class MemoryAccounts(BookAccounts):
    """Everybody's user name is their id, and so is their password and the token of a session.

    An account is made when somebody logs in with it.
    """

    async def named(self, user: str, tenant: str | None) -> list[KnownAccount]:
        found = await super().named(user, tenant)
        account = _account_of(user)
        if found or account is None:
            return found
        self._book.open_account(account, user)
        return await super().named(user, tenant)

    async def session(self, token: str, *, used: bool = True) -> Session | None:
        found = await super().session(token, used=used)
        account = _account_of(token)
        if found is not None or account is None:
            return found
        return Session(account=account, expires_at=None)


def _account_of(user: str) -> Account | None:
    tenant, _, person = user.rpartition("@")
    for entry in PEOPLE:
        if entry.id == person and entry.tenant == (tenant or "here"):
            kind: Any = entry_kind(entry)
            return Account(tenant=entry.tenant, kind=kind, person=entry.id, user=user)
    return None


class LoggedSecurityEvents:
    """The security log of everything that this portal published."""

    def __init__(self, log: MemoryLog, reference: Reference) -> None:
        self._log, self._reference = log, reference

    def records(self) -> list[Record]:
        """Everything that was published, in order."""
        entries = [entry for partition in self._log.state.entries.values() for entry in partition]
        return sorted((codec.decode(entry.value) for entry in entries), key=lambda one: one.id)

    async def listed(self, tenant: str, listing: SecurityListing) -> SecurityPage:
        state = State()
        for record in self.records():
            if isinstance(record.data, SecurityEvent):
                for row in react(None, record, self._reference).documents:
                    state.documents[record.id, row.key] = row.content
        return await SimulatedSecurityEvents(state).listed(tenant, listing)


def published_by(portal: Portal) -> list[Record]:
    """Everything that a portal published, in order."""
    anybody = Principal(tenant="here", kind="agent", id="amy", name="Amy", language="en")
    events = portal.security(anybody)
    assert isinstance(events, LoggedSecurityEvents)
    return events.records()
