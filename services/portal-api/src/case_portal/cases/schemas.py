"""The schemas of cases in the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from case_portal.bounces.schemas import BouncedResponse
from case_portal.links.schemas import LinkModel
from case_portal.people.schemas import ConsultationResponse, WatcherResponse
from case_portal.progress.schemas import Progress
from case_portal.read_model.ports import SortColumn, View
from case_portal.web.schemas import ActorResponse, Author, FileModel, Short


class CaseQuery(BaseModel):
    """Which cases to list, and how. `search` is words, in which `*` stands for any letters."""

    view: View = "active"
    mine: bool = False
    search: Short = ""
    sort: SortColumn | None = None
    descending: bool = False
    page: int = Field(default=1, ge=1, le=10_000)


class ClockModel(BaseModel):
    """One target's clock."""

    target: str
    due: datetime | None
    state: Literal["running", "paused", "warned", "breached", "met", "excluded"]
    level: int
    cycle: int


class Step(BaseModel):
    """A transition that you may request now."""

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
    """A case in a list, with the clock that breaches first: for agents and auditors only."""

    clock: ClockModel | None = None


class CaseDetails(CaseSummary, Progress):
    """One case, and the commands that are possible now. Consultations, tags and bounces are shown
    to agents and auditors only; so is `weight`, the number of reporters of a problem.
    `unregistered` is the contact, if no directory has them."""

    channel: str
    definition: str
    fields: dict[str, str]
    agents: dict[str, str] = {}
    """The names of the agents in fields, by field."""
    attachments: list[FileModel]
    clocks: list[ClockModel]
    steps: list[Step]
    may_comment: bool
    links: list[LinkModel]
    weight: int
    unregistered: Author | None = None
    watchers: list[WatcherResponse] = []
    tags: list[str] = []
    may_tag: list[str] = []
    consultations: list[ConsultationResponse] = []
    bounces: list[BouncedResponse] = []


class CaseList(BaseModel):
    """One page of cases."""

    cases: list[DeskSummary]
    page: int
    more: bool


class HistoryEntryResponse(BaseModel):
    """One event: who, when, in which capacity, by which channel, from which status to which
    status."""

    version: int
    type: str
    at: datetime
    recorded_at: datetime
    who: ActorResponse
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
    entries: list[HistoryEntryResponse]
