"""The mail of a case that did not arrive, as agents and auditors see it."""

from collections.abc import Mapping

from case_events.contracts.base import Event
from case_events.contracts.bounces import AddressMended, NoticeBounced, standing_of
from case_events.contracts.cases import CommentAdded
from case_events.contracts.notices import UNDELIVERABLE, NoticeSuppressed
from case_events.envelope import Record

from case_portal.read_model.parts import BouncedAddress

CHANGES = (AddressMended, NoticeBounced, NoticeSuppressed)


def follow_bounces(
    bounces: Mapping[str, BouncedAddress], event: Event, record: Record
) -> dict[str, BouncedAddress]:
    """The addresses that mail did not reach, by address in lower case, after one more event."""
    match event:
        case NoticeBounced():
            bounced = BouncedAddress(
                address=event.personal.address,
                recipient=event.recipient,
                standing=standing_of(event),
                status=event.status,
                reason=event.reason,
                at=record.occurred_at,
            )
            return {**bounces, key_of(event.personal.address): bounced}
        case NoticeSuppressed(reason=reason, personal=person) if reason == UNDELIVERABLE:
            dead = BouncedAddress(
                address=person.address,
                recipient=event.recipient,
                standing="hard",
                at=record.occurred_at,
            )
            return {key_of(person.address): dead, **bounces}
        case AddressMended(personal=person):
            return _without(bounces, person.address)
        case _:
            return dict(bounces)


def without_sender(
    bounces: Mapping[str, BouncedAddress], event: CommentAdded
) -> dict[str, BouncedAddress]:
    """The addresses without the one from which a mail came: it is alive."""
    return _without(bounces, event.personal.author.address if event.message_id else "")


def _without(bounces: Mapping[str, BouncedAddress], address: str) -> dict[str, BouncedAddress]:
    return {key: one for key, one in bounces.items() if key != key_of(address)}


def key_of(address: str) -> str:
    """The key of an address in a view, the same in any capitalisation."""
    return address.casefold()
