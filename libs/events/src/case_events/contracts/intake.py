"""The events of intake: mails and forms that the sender knows to be received."""

from uuid import UUID

from case_events.contracts.base import Event, contract
from case_events.contracts.declared import notice
from case_events.contracts.parts import (
    Attachment,
    CopiedComment,
    OriginCase,
    SubmittedContent,
    WrittenContent,
)
from case_events.topics import CASES, INTAKE


@contract(
    "case.created",
    INTAKE,
    CASES,
    label="case_created",
    notice=notice("description", "other"),
    rule_members=("kind",),
    moves_clocks=True,
)
class CaseCreated(Event, frozen=True):
    """A new case was submitted. Intake publishes it, and it is the first event of every history.

    `raw` is the blob key of the original mail (empty for a form or an API call). `message_id` is
    the mail's id, here and everywhere without angle brackets, so that replies thread. `origin` is
    the case that requested this one, if there is one, and `copied` are the comments that it copies
    from that case. `menu` is the caller's choice in the telephone menu. The contact of an
    unregistered contact's case is `address/<fingerprint>`, and its customer is empty. `submission`
    is the portal's record whose outcome this is. `no_answer`: the mail asks that no machine answers
    it.
    """

    reference: str
    case_type: str
    customer: str
    contact: str
    language: str
    fields: dict[str, str] = {}
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: SubmittedContent = SubmittedContent()
    origin: OriginCase | None = None
    copied: tuple[CopiedComment, ...] = ()
    menu: str = ""
    submission: UUID | None = None
    no_answer: bool = False

    @property
    def kind(self) -> str:
        """The relation to the case that requested it; empty if none did."""
        return self.origin.kind if self.origin is not None else ""


@contract("case.reply-received", INTAKE, label="reply_received")
class ReplyReceived(Event, frozen=True):
    """A reply by mail to a case.

    `found_by` says how the case was found: `token` (signed plus-address), `thread` (In-Reply-To,
    References) or `subject`. `participant` is whether the sender takes part in the case or the
    signed address vouches for the sender. `answers` are the Message-IDs that the reply refers to,
    the nearest first. `no_answer`: the mail asks that no machine answers it.
    """

    found_by: str
    participant: bool
    public: bool = True
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: WrittenContent = WrittenContent()
    answers: tuple[str, ...] = ()
    no_answer: bool = False
