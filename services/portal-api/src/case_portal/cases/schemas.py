"""What the API takes and gives."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from case_portal.progress.schemas import Progress
from case_portal.read_model.ports import SortColumn, View
from case_portal.web.schemas import Chosen, Filled, Long, Part, Seen, Short


class CaseQuery(BaseModel):
    """Which cases to list, and how. `search` is words; `*` stands for any letters."""

    view: View = "active"
    mine: bool = False
    search: Short = ""
    sort: SortColumn | None = None
    descending: bool = False
    page: int = Field(default=1, ge=1, le=10_000)


class LogIn(Part):
    """User name and password; the tenant only where one user name serves several."""

    user: Short
    password: Short
    tenant: Short | None = None


class Invitation(Part):
    """A contact of the directory, by id or mail address."""

    contact: Short


class Invited(BaseModel):
    """Who was invited, and until when their code can be redeemed."""

    contact: str
    expires_at: datetime


class LoggedIn(BaseModel):
    """A bearer token, and until when it holds."""

    token: str
    expires_at: datetime | None


class Who(BaseModel):
    """Who did it, in which capacity."""

    kind: str
    id: str
    capacity: str
    name: str


class FileModel(BaseModel):
    """An attachment, and where to get it."""

    sha256: str
    name: str
    size: int
    type: str
    version: int
    href: str


class ClockModel(BaseModel):
    """One target's clock."""

    target: str
    due: datetime | None
    state: Literal["running", "paused", "warned", "breached", "met", "excluded"]
    level: int
    cycle: int


class Step(BaseModel):
    """A transition that may be asked for now."""

    name: str
    title: str
    to: str
    requires_comment: bool
    requires_fields: list[str]


class CaseSummary(BaseModel):
    """A case in a list."""

    reference: str
    title: str
    case_type: str
    status: str
    status_kind: Literal["active", "waiting", "resolved", "final"]
    waits_for: Literal["contact", "agent", "third_party", "none"]
    stands_out: bool
    priority: str
    customer: str
    contact: str
    team: str
    agent: str
    created_at: datetime | None
    updated_at: datetime | None
    last_answer_at: datetime | None
    version: int


class DeskSummary(CaseSummary):
    """A case in a list, with the clock that breaches first: for the desk alone."""

    clock: ClockModel | None = None


class LinkModel(BaseModel):
    """Another case. `to`: this one points to it, as a report does to its problem, a duplicate and
    a merged case to the one that goes on, a follow-up and a part to the one they come from."""

    kind: Literal["problem", "duplicate", "merge", "follow_up", "split"]
    direction: Literal["to", "from"]
    reference: str
    at: datetime


class Watcher(BaseModel):
    """Somebody who follows the case: `contact/<id>`, `agent/<id>` or `address/<fingerprint>`.
    `through` names the case that went on in this one, where they follow that: shown to the desk
    alone, and taken away there."""

    watcher: str
    name: str
    through: str = ""


class Consultation(BaseModel):
    """What a team was asked inside the case, and has not answered yet."""

    id: str
    team: str


class Author(BaseModel):
    """Whom a sender says to be."""

    address: str
    name: str


class CaseDetails(CaseSummary, Progress):
    """One case, and what may be asked of it now. Consultations are shown to the
    desk alone; so is `weight`, that of a problem: how many have reported it. `stranger` is the
    contact, where no directory has them."""

    channel: str
    definition: str
    fields: dict[str, str]
    agents: dict[str, str] = {}
    """What the agents are called whom fields name, by field."""
    attachments: list[FileModel]
    clocks: list[ClockModel]
    steps: list[Step]
    may_comment: bool
    links: list[LinkModel]
    weight: int
    stranger: Author | None = None
    watchers: list[Watcher] = []
    consultations: list[Consultation] = []


class CaseList(BaseModel):
    """One page of cases."""

    cases: list[DeskSummary]
    page: int
    more: bool


class HistoryEntry(BaseModel):
    """One event: who, when, in which capacity, by which channel, from which status to which."""

    version: int
    type: str
    at: datetime
    recorded_at: datetime
    who: Who
    channel: str
    internal: bool
    from_status: str = Field(serialization_alias="from")
    to_status: str = Field(serialization_alias="to")
    definition: str
    record: UUID
    causation: UUID | None
    text: str
    author: str
    files: list[FileModel]
    what: dict[str, Any]


class History(BaseModel):
    """The history of a case, first event first."""

    reference: str
    entries: list[HistoryEntry]


class RefusalQuery(BaseModel):
    """Which page of refusals, from 1."""

    page: int = Field(default=1, ge=1, le=10_000)


class RefusalModel(BaseModel):
    """What came in, or was asked of a case, and was refused.

    `command` is the type of what was asked; empty for what made no case. `reference` is of the
    case that it concerns, `href` where to get what arrived; both empty where there is none.
    """

    id: UUID
    at: datetime
    who: Who
    channel: str
    code: str
    field: str
    rule: str
    reason: str
    command: str
    reference: str
    title: str
    text: str
    author: Author
    href: str


class RefusalList(BaseModel):
    """One page of refusals, the last first."""

    refusals: list[RefusalModel]
    page: int
    more: bool


class Transition(Part):
    """Take a step, with what it wants filled in."""

    comment: Long = ""
    fields: Filled = {}
    seen: Seen = 0


class Assignment(Part):
    """Hand the case to a team, and to an agent of it."""

    team: Short
    agent: Short = ""
    seen: Seen = 0


class Priority(Part):
    """Set the priority outright, or by what is chosen on each axis of the matrix, by its name."""

    priority: Short = ""
    axes: Chosen = {}
    seen: Seen = 0


class Classification(Part):
    """Give the case another type."""

    case_type: Short
    seen: Seen = 0


class Fields(Part):
    """Fill in or change fields."""

    fields: Filled = Field(min_length=1)
    seen: Seen = 0


class CommandState(BaseModel):
    """What became of a command. `pending`: look again at `href`."""

    command: UUID
    reference: str
    status: Literal["pending", "done", "unchanged", "refused"]
    href: str
    version: int = 0
    code: str = ""
    field: str = ""
    rule: str = ""
    reason: str = ""
