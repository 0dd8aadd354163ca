"""Forms of the portal that open a case. Exactly one outcome names the id of a submission's record:
the `CaseCreated` of the history, or an `InputRefused`."""

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.topics import SUBMISSIONS


@contract("command.submit-case", SUBMISSIONS, label="submit_case")
class SubmitCase(Event, frozen=True, kw_only=True):
    """Open a case of this type for the contact who submits it, with the record's case id.

    `fields` has the values of the form by field name, with the type of each field. Title and
    description are `title` and `text` in `personal`. The attachments are in the blob store before
    this is published.
    """

    case_type: str
    fields: dict[str, str | bool | float] = {}
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()
