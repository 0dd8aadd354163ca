"""The results of notices about a case."""

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import Person
from case_events.topics import CASES, NOTICES

UNDELIVERABLE = "undeliverable"
"""The reason of a suppressed mail whose address is dead: it bounced in this case or another."""


class NoticeResult(Event, frozen=True, kw_only=True):
    """One message to one recipient about one event. `about` is the case version of that event."""

    notice: str
    about: int
    recipient: str
    channel: str = "mail"
    message_id: str = ""
    personal: Person = Person()


@contract("notice.sent", NOTICES, CASES, label="notice_sent", audience="desk")
class NoticeSent(NoticeResult, frozen=True, kw_only=True):
    """The other side accepted the message. `unknown`: an earlier attempt may have been delivered
    too, with the same Message-ID."""

    attempts: int = 1
    unknown: bool = False


@contract("notice.failed", NOTICES, CASES, label="notice_failed", informs=True, audience="desk")
class NoticeFailed(NoticeResult, frozen=True, kw_only=True):
    """The message could not be delivered, and is not retried."""

    attempts: int
    error: str


@contract(
    "notice.suppressed",
    NOTICES,
    CASES,
    label="notice_suppressed",
    informs=True,
    rule_members=("reason",),
    audience="desk",
)
class NoticeSuppressed(NoticeResult, frozen=True, kw_only=True):
    """The message was not sent. `reason` says why."""

    reason: str
