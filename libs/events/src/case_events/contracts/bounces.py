"""Mail of ours that did not arrive, and the addresses that it was for."""

from typing import Annotated, Literal

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import notice
from case_events.contracts.notices import NoticeResult
from case_events.contracts.parts import PERSONAL, BounceContent, Person
from case_events.topics import CASES, COMMANDS, INTAKE


@contract("case.bounce-received", INTAKE, label="bounce_received")
class BounceReceived(Event, frozen=True, kw_only=True):
    """A mail server reported that a mail about this case did not arrive.

    `message_id` is that of our mail; `mark`, of a report that came to its return address, is the
    mark in that address. At least one of them names the mail. `status` is the enhanced status code
    (RFC 3463), empty if the report gives none. `hard`: the address is dead. `delayed`: the server
    still tries. `raw` is the blob key of the report.
    """

    message_id: str = ""
    mark: str = ""
    status: str = ""
    hard: bool = False
    delayed: bool = False
    raw: str = ""
    personal: BounceContent = BounceContent()


@contract(
    "notice.bounced",
    CASES,
    label="notice_bounced",
    notice=notice("address", "status_code", "reason", audience="desk"),
    rule_members=("notice", "hard", "delayed"),
    audience="desk",
)
class NoticeBounced(NoticeResult, frozen=True, kw_only=True):
    """A mail about the case was accepted, and did not arrive. `personal` is whom it was for.

    `notice` and `recipient` are empty if the case no longer knows the mail. `hard`: the address is
    dead, and gets no mail until somebody mends it. `delayed`: the mail may still arrive. `reason`
    is one line of the report, and `raw` the blob key of it.
    """

    status: str = ""
    hard: bool = False
    delayed: bool = False
    reason: Annotated[str, PERSONAL] = ""
    raw: str = ""


Standing = Literal["hard", "soft", "delayed"]
"""What a bounce says of its address: it is dead, it lost a mail, or the mail may still arrive."""


def standing_of(bounce: NoticeBounced) -> Standing:
    """Return the standing of the address of a bounce."""
    if bounce.delayed:
        return "delayed"
    return "hard" if bounce.hard else "soft"


@contract("case.address-mended", CASES, label="address_mended", audience="desk")
class AddressMended(Event, frozen=True, kw_only=True):
    """An agent said that an address takes mail again. `recipient` is whose it is, as in notices."""

    recipient: str
    personal: Person = Person()


@contract(
    "command.mend-address", COMMANDS, label="mend_address", audience="desk", asked_by="agents"
)
class MendAddress(Command, frozen=True, kw_only=True):
    """Send mail to an address again, to which a mail did not arrive."""

    recipient: str
    personal: Person = Person()
