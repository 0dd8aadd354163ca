"""What was refused, whole, with the field, the rule and the reason."""

from uuid import UUID

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import InputFault, WrittenContent
from case_events.topics import REFUSALS


class Refused(Event, frozen=True, kw_only=True):
    """`code` is stable for machines, `reason` a sentence for people."""

    code: str
    field: str
    rule: str
    reason: str


@contract("refusal.input-refused", REFUSALS, label="input_refused")
class InputRefused(Refused, frozen=True, kw_only=True):
    """Something came in that makes no case: `raw` is the blob key of what arrived.

    `faults` are all the things that are wrong with it, the first of which names the refusal.
    `submission` is the record that submitted it on the portal, whose outcome this is.
    """

    raw: str = ""
    message_id: str = ""
    personal: WrittenContent = WrittenContent()
    faults: tuple[InputFault, ...] = ()
    submission: UUID | None = None


@contract("refusal.command-refused", REFUSALS, label="command_refused")
class CommandRefused(Refused, frozen=True, kw_only=True):
    """A command was not allowed. `command` is its type name, the causation its id."""

    command: str
    personal: WrittenContent = WrittenContent()


@contract("refusal.command-unchanged", REFUSALS, label="command_unchanged")
class CommandUnchanged(Event, frozen=True):
    """A command asked for what already was: nothing changed, and that is its outcome."""

    command: str
