"""The view of a case, and the entries of its history."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from case_definition.rules.case_state import CaseState
from case_events.contracts.base import contract_named
from case_events.contracts.links import Direction
from case_events.contracts.parts import InputFault, LinkKind, Person
from case_events.contracts.unregistered import is_unregistered
from msgspec import Struct

from case_portal.read_model.parts import (
    BouncedAddress,
    DecisionView,
    Participants,
    RatingView,
    ReleaseView,
)

ClockState = Literal["running", "paused", "warned", "breached", "met", "excluded"]
PRESSING: tuple[ClockState, ...] = ("running", "warned", "breached")


class ClockView(Struct, frozen=True, kw_only=True):
    """The clock of one target. `level` is the highest escalation level that was raised, 0 for none.

    `answered` is true for a missed target that was answered later; it is no longer urgent.
    """

    target: str
    due: datetime | None = None
    state: ClockState = "running"
    level: int = 0
    cycle: int = 1
    answered: bool = False


class CaseFile(Struct, frozen=True, kw_only=True):
    """An attachment. `sha256` is its key in the blob store, `version` that of its entry."""

    sha256: str
    name: str
    size: int
    type: str
    version: int
    internal: bool = False


class CaseView(CaseState, frozen=True, kw_only=True):
    """The content of lists and of the head of a case page.

    `tenant` is empty in the state of refusals about unknown cases: no query finds those.
    `last_answer_at` is the time of the last public comment of an agent. The case is hidden from the
    agents in `hidden_from`.
    """

    tenant: str = ""
    status_kind: Literal["active", "waiting", "resolved", "final"] = "active"
    waits_for: Literal["contact", "agent", "third_party", "none"] = "agent"
    stands_out: bool = False
    definition: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    last_answer_at: datetime | None = None
    version: int = 0
    clocks: dict[str, ClockView] = {}
    attachments: tuple[CaseFile, ...] = ()
    people: Participants = Participants()
    decisions: dict[str, DecisionView] = {}
    planned: ReleaseView | None = None
    rating: RatingView | None = None
    hidden_from: tuple[str, ...] = ()
    bounces: dict[str, BouncedAddress] = {}

    @property
    def whose(self) -> str:
        """The customer of the case, or its unregistered contact."""
        return self.customer or self.contact

    @property
    def pressing(self) -> ClockView | None:
        """The clock that breaches first, or did; None if none runs."""
        due = {
            c.due: c
            for c in self.clocks.values()
            if c.due and c.state in PRESSING and not c.answered
        }
        return due[min(due)] if due else None


class ActorView(Struct, frozen=True):
    """The actor, and in which capacity they acted."""

    kind: str
    id: str
    capacity: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether a directory has the actor."""
        return self.kind != "unknown" and not is_unregistered(self.id)


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """One event of a case's history. `internal` entries are never shown to contacts.

    `ce_type` is the type name of the event and `what` the rest of its data, in that version;
    entries are stored in this form. `at` is the time at which it happened, `recorded_at` the time
    at which the platform wrote it; `before` and `after` are statuses, if the status changed.
    """

    version: int
    ce_type: str
    at: datetime
    recorded_at: datetime
    who: ActorView
    channel: str
    internal: bool
    definition: str
    record: UUID
    causation: UUID | None = None
    before: str = ""
    after: str = ""
    text: str = ""
    author: str = ""
    files: tuple[CaseFile, ...] = ()
    what: dict[str, Any] = {}

    @property
    def type(self) -> str:
        """The label of the event."""
        return contract_named(self.ce_type).label


class LinkView(Struct, frozen=True, kw_only=True):
    """Another case that is linked to this one; `stands` is false for a former link. See
    `contracts.links`."""

    kind: LinkKind
    direction: Direction
    case: UUID
    reference: str
    at: datetime
    stands: bool = True


class CommandOutcome(Struct, frozen=True, kw_only=True):
    """The outcome of a command. Each command has exactly one."""

    status: Literal["done", "unchanged", "refused"]
    version: int = 0
    code: str = ""
    field: str = ""
    rule: str = ""
    reason: str = ""


class CaseOutcome(CommandOutcome, frozen=True, kw_only=True):
    """The outcome of a form for a new case: its `reference`, or everything that is wrong."""

    reference: str = ""
    faults: tuple[InputFault, ...] = ()


class RefusalView(Struct, frozen=True, kw_only=True):
    """A command or input that was refused, whole.

    `command` is the type name of the command to a `case`; empty for input that made no case. `raw`
    is the blob key of the raw input. `author` is the person whom the sender claims to be.
    """

    id: UUID
    tenant: str
    at: datetime
    who: ActorView
    channel: str
    code: str
    field: str
    rule: str
    reason: str
    command: str = ""
    case: UUID | None = None
    raw: str = ""
    title: str = ""
    text: str = ""
    author: Person = Person()


class FoundCase(Struct, frozen=True):
    """A case with its id."""

    id: UUID
    view: CaseView
