"""The upkeep of access: people who left the directory lose it, and operators' acts are recorded."""

from collections.abc import Callable
from dataclasses import dataclass

from case_events.contracts.security import AccessChanged
from case_events.envelope import SYSTEM, Actor

from case_portal.access.parts import AccessParts
from case_portal.core.audit import Client
from case_portal.core.principal import principal_of

OPERATOR = Actor(kind="operator", id="casefold")
BY_COMMAND = Client(channel="command")
BY_ITSELF = Client(channel="system")


@dataclass(frozen=True, kw_only=True)
class UpkeepService(AccessParts):
    """Until `loaded`, the directory is not complete, and nobody is taken for somebody who left."""

    loaded: Callable[[], bool]

    async def end_of_people_who_left(self) -> None:
        """End the sessions and API tokens of people who are not active in the directory. They do
        not come back to life when the person is active again."""
        if not self.loaded():
            return
        async with self.gate.open() as transaction:
            for account in await transaction.holders():
                if principal_of(account, self.reference) is not None:
                    continue
                await transaction.end_access(account)
                event = AccessChanged(
                    change="access_ended", person_kind=account.kind, person=account.person
                )
                transaction.record(account.tenant, event, SYSTEM, BY_ITSELF)

    async def publish_note(self) -> bool:
        """Publish what an operator did by a command. Returns False if nothing waits."""
        async with self.gate.open() as transaction:
            note = await transaction.next_note()
            if note is not None:
                transaction.record(note.tenant, note.event, OPERATOR, BY_COMMAND)
        return note is not None
