"""The account of a case: hours granted, the estimate, used and left. It is a fold of events.

Folding the events up to a moment gives the account at that moment.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
from case_events.contracts.base import Event
from case_events.contracts.parts import WorkPart
from case_events.contracts.work import WorkEntry
from msgspec import Struct
from msgspec.structs import replace

LEDGER_EVENTS: tuple[type[Event], ...] = (
    ApprovalRequested,
    ApprovalGranted,
    ApprovalDeclined,
    WorkEntry,
)
"""The events of the account."""


class Request(Struct, frozen=True):
    """A request for approval, and its answer. Amounts are in minutes."""

    approval: str
    minutes: int
    estimate: int = 0
    state: Literal["open", "granted", "declined", "replaced"] = "open"
    granted: int = 0


class Booking(Struct, frozen=True):
    """An entry of work after its corrections. `minutes` is the sum of `parts`."""

    minutes: int
    kind: str
    began: datetime
    parts: tuple[WorkPart, ...]
    billable: bool
    why: str
    approval: str
    allowance: str

    @property
    def free(self) -> int:
        """The free minutes of an allowance."""
        return sum(part.minutes for part in self.parts if part.free)

    @property
    def covered(self) -> int:
        """The minutes that count against an approval."""
        return self.minutes - self.free if self.approval else 0


class Ledger(Struct, frozen=True):
    """The account: requests by number, minutes granted by approval, entries by number."""

    requests: dict[int, Request] = {}
    granted: dict[str, int] = {}
    bookings: dict[int, Booking] = {}

    @property
    def next_request(self) -> int:
        """The number of the next request."""
        return len(self.requests) + 1

    @property
    def next_entry(self) -> int:
        """The number of the next entry."""
        return len(self.bookings) + 1

    @property
    def work_minutes(self) -> int:
        """All time spent."""
        return sum(booking.minutes for booking in self.bookings.values())

    @property
    def approved_minutes(self) -> int:
        """All time granted."""
        return sum(self.granted.values())

    @property
    def left_minutes(self) -> int:
        """The remaining minutes of all approvals."""
        return self.approved_minutes - sum(one.covered for one in self.bookings.values())

    def used(self, approval: str) -> int:
        """The minutes used of an approval."""
        mine = (one for one in self.bookings.values() if one.approval == approval)
        return sum(one.covered for one in mine)

    def left(self, approval: str) -> int:
        """The minutes left of an approval."""
        return self.granted.get(approval, 0) - self.used(approval)

    def free_used(self, allowance: str) -> int:
        """The used minutes of an allowance."""
        mine = (one for one in self.bookings.values() if one.allowance == allowance)
        return sum(one.free for one in mine)

    def asked(self, approval: str) -> int | None:
        """The number of the open request of this approval; None if there is none."""
        for number, request in self.requests.items():
            if request.approval == approval and request.state == "open":
                return number
        return None

    def billed(self) -> dict[tuple[str, int], int]:
        """The billable minutes by kind of work and surcharge in percent."""
        total: dict[tuple[str, int], int] = {}
        for kind, part in self._billable():
            key = (kind, part.surcharge)
            total[key] = total.get(key, 0) + part.minutes
        return total

    def without(self, entry: int) -> "Ledger":
        """The account without one entry."""
        empty = replace(self.bookings[entry], minutes=0, parts=())
        return replace(self, bookings=self.bookings | {entry: empty})

    def _billable(self) -> Iterator[tuple[str, WorkPart]]:
        for booking in self.bookings.values():
            for part in booking.parts:
                if booking.billable and not part.free:
                    yield booking.kind, part


def fold_ledger(ledger: Ledger, event: Event) -> Ledger:
    """The account after one more event."""
    match event:
        case ApprovalRequested():
            asked = Request(event.approval, event.minutes, event.estimate)
            kept = {
                number: replace(request, state="replaced")
                if request.approval == event.approval and request.state == "open"
                else request
                for number, request in ledger.requests.items()
            }
            return replace(ledger, requests=kept | {event.request: asked})
        case ApprovalGranted():
            total = ledger.granted.get(event.approval, 0) + event.minutes
            ledger = replace(ledger, granted=ledger.granted | {event.approval: total})
            return _answered(ledger, event.request, "granted", event.minutes)
        case ApprovalDeclined():
            return _answered(ledger, event.request, "declined", 0)
        case WorkEntry():
            return replace(ledger, bookings=ledger.bookings | {event.entry: booking_of(event)})
        case _:
            return ledger


def _answered(
    ledger: Ledger, number: int, state: Literal["granted", "declined"], minutes: int
) -> Ledger:
    request = ledger.requests.get(number)
    if request is None:
        return ledger
    answered = replace(request, state=state, granted=minutes)
    return replace(ledger, requests=ledger.requests | {number: answered})


def booking_of(event: WorkEntry) -> Booking:
    """The entry that a booking, or its correction, makes."""
    return Booking(
        minutes=event.minutes,
        kind=event.kind,
        began=event.began,
        parts=event.parts,
        billable=event.billable,
        why=event.why,
        approval=event.approval,
        allowance=event.allowance,
    )
