"""The ports of notify, in addition to those of the runtime."""

from typing import Protocol

from case_notify.domain.address_state import AddressChange, AddressState


class AddressBook(Protocol):
    """The states of addresses, by tenant. An address is the same in any capitalisation."""

    async def state(self, tenant: str, address: str) -> AddressState | None:
        """The state of an address; None if no mail to it was lost since it was last mended."""

    async def change(self, change: AddressChange) -> None:
        """Store a change. A change that is stored twice, or after a later one, changes nothing; a
        soft bounce leaves a dead address dead."""
