"""A mail of ours that came back, and what the report says of it."""

from case_events.contracts.bounces import BounceReceived
from case_events.contracts.parts import BounceContent
from msgspec import Struct

from case_intake.domain.inbound import InboundMail, NumberedCase, clean
from case_intake.domain.mail import Bounce


class ReturnedMail(Struct, frozen=True):
    """A mail of ours that a report names: its case, and its Message-ID or the mark in its return
    address."""

    case: NumberedCase
    message_id: str = ""
    mark: str = ""


def bounce_received(returned: ReturnedMail, bounce: Bounce, inbound: InboundMail) -> BounceReceived:
    """The report of a mail server about a mail of ours."""
    return BounceReceived(
        message_id=returned.message_id,
        mark=returned.mark,
        status=bounce.status or "",
        hard=bounce.hard,
        delayed=bounce.delayed,
        raw=inbound.raw_key,
        personal=BounceContent(tuple(map(clean, bounce.recipients)), clean(bounce.reason)),
    )
