"""The state of an address: whether mail to it arrives, as far as bounces and people tell."""

from datetime import datetime
from typing import Literal

from case_events.contracts.bounces import AddressMended, NoticeBounced
from case_events.envelope import Record
from case_events.tokens.thread import fingerprint
from msgspec import Struct

Standing = Literal["hard", "soft"]


def address_key(address: str) -> str:
    """The key of an address in states and tables: a hash, the same in any capitalisation."""
    return fingerprint(address.casefold())


class AddressState(Struct, frozen=True):
    """The state of an address to which a mail did not arrive: `hard` is dead, and gets no mail;
    `soft` lost a mail, and gets the next one. `since` is the time of the last bounce."""

    standing: Standing
    since: datetime


class AddressChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change to the state of an address: the standing after a bounce, or None if it was mended.
    `at` is its time; changes may arrive in any order."""

    tenant: str
    address: str
    standing: Standing | None = None
    at: datetime


def address_change(record: Record) -> AddressChange | None:
    """The change that an event of a case makes to the state of an address.

    A bounce counts only for a notice that the case knows: then the address is the one that the
    notice was sent to, and not one that somebody wrote into a report.
    """
    match record.data:
        case NoticeBounced(recipient=recipient, personal=person, hard=hard, delayed=False) if (
            recipient and person.address
        ):
            standing: Standing | None = "hard" if hard else "soft"
        case AddressMended(personal=person):
            standing = None
        case _:
            return None
    return AddressChange(
        tenant=record.tenant, address=person.address, standing=standing, at=record.recorded_at
    )


def is_dead(state: AddressState | None, heard_at: datetime | None) -> bool:
    """Whether an address gets no mail. A mail from the address since its last bounce (`heard_at`)
    shows that it is alive."""
    if state is None or state.standing == "soft":
        return False
    return heard_at is None or heard_at <= state.since
