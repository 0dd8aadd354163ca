"""The states of addresses in PostgreSQL."""

from case_events.runtime.postgres import Connections, connection, load_statements

from case_notify.domain.address_state import AddressChange, AddressState, address_key

STATEMENTS = load_statements("case_notify.adapters", "addresses")


class PostgresAddressBook:
    """`ports.AddressBook` over the table of this service."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    async def state(self, tenant: str, address: str) -> AddressState | None:
        """See `ports.AddressBook`."""
        async with connection(self._pool) as db:
            found = await db.execute(STATEMENTS["find_state"], (tenant, address_key(address)))
            row = await found.fetchone()
        return AddressState("hard" if row[0] else "soft", row[1]) if row else None

    async def change(self, change: AddressChange) -> None:
        """See `ports.AddressBook`."""
        whose = (change.tenant, address_key(change.address))
        async with connection(self._pool) as db:
            if change.standing is None:
                await db.execute(STATEMENTS["save_mended"], (*whose, change.at))
            else:
                hard = change.standing == "hard"
                await db.execute(STATEMENTS["save_bounce"], (*whose, hard, change.at))
