"""The effects on addresses: keeps their state, and stops mail to the dead ones."""

import msgspec
from case_events.contracts.notices import UNDELIVERABLE
from case_events.runtime import Attempt, EffectResult, PendingEffect

from case_notify.application.ports import AddressBook
from case_notify.domain.address_state import AddressChange, is_dead
from case_notify.domain.mail import OutgoingMail


class AddressKeeper:
    """Stores a change to the state of an address: an `Attempt` of the runtime."""

    def __init__(self, book: AddressBook) -> None:
        self._book = book

    async def __call__(self, pending: PendingEffect) -> EffectResult:
        """Store the change of an effect."""
        await self._book.change(msgspec.json.decode(pending.effect.payload, type=AddressChange))
        return EffectResult("done")


class DeliverableMail:
    """Sends the mail of an effect, unless its address is dead: an `Attempt` of the runtime."""

    def __init__(self, book: AddressBook, send: Attempt) -> None:
        self._book, self._send = book, send

    async def __call__(self, pending: PendingEffect) -> EffectResult:
        """Send one mail. The result for a dead address is `failed`, with `UNDELIVERABLE`.

        A sealed mail is always sent: somebody asked for it at the log-in page just now.
        """
        mail = msgspec.json.decode(pending.effect.payload, type=OutgoingMail)
        if not mail.sealed:
            state = await self._book.state(mail.tenant, mail.to.address)
            if is_dead(state, mail.heard_at):
                return EffectResult("failed", UNDELIVERABLE)
            if state is not None and mail.heard_at is not None and mail.heard_at > state.since:
                mended = AddressChange(
                    tenant=mail.tenant, address=mail.to.address, at=mail.heard_at
                )
                await self._book.change(mended)
        return await self._send(pending)
