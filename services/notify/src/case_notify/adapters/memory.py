"""The states of addresses in memory, for simulation."""

from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from case_notify.domain.address_state import AddressChange, AddressState, address_key

NEVER = datetime.min.replace(tzinfo=UTC)


class _Row(Struct, frozen=True):
    hard: bool = False
    bounced_at: datetime = NEVER
    mended_at: datetime = NEVER


class MemoryAddressBook:
    """`ports.AddressBook` in memory."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], _Row] = {}

    async def state(self, tenant: str, address: str) -> AddressState | None:
        """See `ports.AddressBook`."""
        row = self._rows.get((tenant, address_key(address)), _Row())
        if row.bounced_at <= row.mended_at:
            return None
        return AddressState("hard" if row.hard else "soft", row.bounced_at)

    async def change(self, change: AddressChange) -> None:
        """See `ports.AddressBook`."""
        key = (change.tenant, address_key(change.address))
        row = self._rows.get(key, _Row())
        if change.standing is None:
            row = replace(row, mended_at=max(row.mended_at, change.at))
        else:
            was_dead = row.hard and row.bounced_at > row.mended_at
            row = replace(
                row,
                hard=change.standing == "hard" or was_dead,
                bounced_at=max(row.bounced_at, change.at),
            )
        self._rows[key] = row
