"""What somebody fills in on the portal to begin a case. The id of its record is named by exactly
one outcome: the `CaseCreated` of the history, or an `InputRefused`."""

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.topics import SUBMISSIONS


@contract("command.submit-case", SUBMISSIONS, label="submit_case")
class SubmitCase(Event, frozen=True, kw_only=True):
    """Begin a case of this type, for the contact who submits it, under the case id of the record.

    `fields` holds what was filled in, by the name of the field and as its type has it. The title
    and the description are `title` and `text` of `personal`. The attachments are in the blob
    store before this is published.
    """

    case_type: str
    fields: dict[str, str | bool | float] = {}
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()
