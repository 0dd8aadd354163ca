"""What somebody asks of a case. A command's id is that of its record; every command gets
exactly one outcome that names it: the facts it led to, or a refusal."""

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.topics import COMMANDS


class Command(Event, frozen=True, kw_only=True):
    """`seen` is the version of the case that the asker looked at (0: not said): two people
    conflict when one of them changed the same thing after it."""

    seen: int = 0


@contract("command.add-comment", COMMANDS, label="add_comment", asked_by="anybody")
class AddComment(Command, frozen=True, kw_only=True):
    """Write on the case; `public` is for contacts to see."""

    public: bool
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.change-status", COMMANDS, label="change_status", asked_by="anybody")
class ChangeStatus(Command, frozen=True, kw_only=True):
    """Take a transition of the definition by its name, with what it wants filled in."""

    transition: str
    fields: dict[str, str] = {}
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.classify-case", COMMANDS, label="classify_case", asked_by="agents")
class ClassifyCase(Command, frozen=True, kw_only=True):
    """Give the case another type."""

    case_type: str


@contract(
    "command.assess-priority", COMMANDS, version=2, label="assess_priority", asked_by="agents"
)
class AssessPriority(Command, frozen=True, kw_only=True):
    """Set the priority, outright or by what is chosen on each axis of the matrix, by its name."""

    priority: str = ""
    axes: dict[str, str] = {}


@contract("command.request-assessment", COMMANDS, label="request_assessment", asked_by="anybody")
class RequestAssessment(Command, frozen=True, kw_only=True):
    """Ask that an agent assesses the priority again, with the reason."""

    personal: WrittenContent = WrittenContent()


@contract("command.assign-case", COMMANDS, label="assign_case", asked_by="agents")
class AssignCase(Command, frozen=True, kw_only=True):
    """Hand the case to a team, and to an agent of it where one is named."""

    team: str
    agent: str = ""


@contract("command.set-fields", COMMANDS, label="set_fields", asked_by="anybody")
class SetFields(Command, frozen=True, kw_only=True):
    """Fill in or change fields of the case type."""

    fields: dict[str, str]
