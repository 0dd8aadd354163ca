"""Commands: requests to change a case. The id of a command is that of its record. Every command has
exactly one outcome that names it: the events that it led to, or a refusal."""

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.topics import COMMANDS


class Command(Event, frozen=True, kw_only=True):
    """`seen` is the version of the case that the requester saw (0: not stated). Two people conflict
    if one of them changed the same thing after it."""

    seen: int = 0


@contract("command.add-comment", COMMANDS, label="add_comment", asked_by="anybody")
class AddComment(Command, frozen=True, kw_only=True):
    """Add a comment to the case. Contacts see it if `public` is true."""

    public: bool
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.change-status", COMMANDS, label="change_status", asked_by="anybody")
class ChangeStatus(Command, frozen=True, kw_only=True):
    """Execute a transition of the definition by its name, with the fields that it requires."""

    transition: str
    fields: dict[str, str] = {}
    attachments: tuple[Attachment, ...] = ()
    personal: WrittenContent = WrittenContent()


@contract("command.classify-case", COMMANDS, label="classify_case", asked_by="agents")
class ClassifyCase(Command, frozen=True, kw_only=True):
    """Change the type of the case."""

    case_type: str


@contract(
    "command.assess-priority", COMMANDS, version=2, label="assess_priority", asked_by="agents"
)
class AssessPriority(Command, frozen=True, kw_only=True):
    """Set the priority directly, or by values on the axes of the matrix, by name."""

    priority: str = ""
    axes: dict[str, str] = {}


@contract("command.request-assessment", COMMANDS, label="request_assessment", asked_by="anybody")
class RequestAssessment(Command, frozen=True, kw_only=True):
    """Ask an agent to assess the priority again, with a reason."""

    personal: WrittenContent = WrittenContent()


@contract("command.assign-case", COMMANDS, label="assign_case", asked_by="agents")
class AssignCase(Command, frozen=True, kw_only=True):
    """Assign the case to a team, and to an agent of it if one is named."""

    team: str
    agent: str = ""


@contract("command.set-fields", COMMANDS, label="set_fields", asked_by="anybody")
class SetFields(Command, frozen=True, kw_only=True):
    """Fill in or change fields of the case type."""

    fields: dict[str, str]
