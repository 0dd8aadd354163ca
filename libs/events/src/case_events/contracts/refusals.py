"""Refusals: the refused content, with the field, the rule and the reason."""

from uuid import UUID

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import InputFault, WrittenContent
from case_events.topics import REFUSALS


class Refused(Event, frozen=True, kw_only=True):
    """`code` is stable for machines, and `reason` is a sentence for people."""

    code: str
    field: str
    rule: str
    reason: str


@contract("refusal.input-refused", REFUSALS, label="input_refused")
class InputRefused(Refused, frozen=True, kw_only=True):
    """Submitted content did not become a case. `raw` is the blob key of the original.

    `faults` has all faults in it, of which the first names the refusal. `submission` is the
    portal's record whose outcome this is.
    """

    raw: str = ""
    message_id: str = ""
    personal: WrittenContent = WrittenContent()
    faults: tuple[InputFault, ...] = ()
    submission: UUID | None = None


@contract("refusal.command-refused", REFUSALS, label="command_refused")
class CommandRefused(Refused, frozen=True, kw_only=True):
    """A command was refused. `command` is its type name, and the causation of the record its id."""

    command: str
    personal: WrittenContent = WrittenContent()


@contract("refusal.command-unchanged", REFUSALS, label="command_unchanged")
class CommandUnchanged(Event, frozen=True):
    """A command changed nothing, because the case already had the requested state."""

    command: str
