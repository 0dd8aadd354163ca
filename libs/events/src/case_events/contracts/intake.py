"""What intake publishes: what came in, already confirmed to the sender."""

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
    """A case came in. Published by intake, and the first event of every case history.

    `raw` is the blob key of what arrived (empty where the form or API call is all there is);
    `message_id` is that of the mail (here and everywhere without angle brackets), so that
    answers thread. `origin` is the case that asked for this one, where one did, and `copied` what
    it begins with of that one's comments. `menu` is what a caller chose of the telephone menu. The
    contact of a stranger's case is `address/<fingerprint>`, and its customer empty. `submission` is
    the record that submitted it on the portal, whose outcome this is.
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

    @property
    def kind(self) -> str:
        """What it has to do with the case that asked for it; empty where none did."""
        return self.origin.kind if self.origin is not None else ""


@contract("case.reply-received", INTAKE, label="reply_received")
class ReplyReceived(Event, frozen=True):
    """A reply by mail to a case.

    `found_by` says how the case was found: `token` (signed plus-address), `thread`
    (In-Reply-To, References) or `subject`. `participant` is whether the sender takes part in
    the case or the signed address vouches for them. `answers` are the Message-IDs that the reply
    names, the nearest first.
    """

    found_by: str
    participant: bool
    public: bool = True
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: WrittenContent = WrittenContent()
    answers: tuple[str, ...] = ()
