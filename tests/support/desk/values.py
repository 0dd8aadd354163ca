"""What a scenario speaks of: people, answers, and cases as the platform tells of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct


class Person(Struct, frozen=True):
    """Somebody of a tenant's directory."""

    tenant: str
    kind: Literal["contact", "agent", "auditor"]
    id: str
    address: str


class File(Struct, frozen=True):
    """A file that somebody sends."""

    name: str
    data: bytes
    type: str = "text/plain"


class Form(Struct, frozen=True, kw_only=True):
    """A new case as its form is filled in. `contact`: for whom, where an agent fills it in; with
    `contact_name` (and `language`) the address of somebody who is in no directory.

    `channel` is the way in that it names, `menu` what a caller chose; `received_at` is when an
    agent says that it was received.
    """

    case_type: str
    values: Mapping[str, str | bool] = {}
    files: tuple[File, ...] = ()
    contact: str = ""
    contact_name: str = ""
    language: str = ""
    channel: str = ""
    menu: str = ""
    received_at: datetime | None = None
    key: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What came of something that was asked. `pending`: nothing yet."""

    status: Literal["done", "unchanged", "refused", "pending"]
    version: int = 0
    code: str = ""
    field: str = ""
    rule: str = ""
    reason: str = ""


class TopicResponse(Struct, frozen=True, kw_only=True):
    """A line of the report on topics, as the API tells it."""

    topic: str
    name: str
    group: dict[str, str]
    cases: int
    contacts: int
    articles: int


class ArticleResponse(Struct, frozen=True, kw_only=True):
    """An article as the API tells it to somebody."""

    id: str
    title: str
    topic: str
    topic_name: str
    text: str


class Delivery(Struct, frozen=True):
    """What the mail listener answered, and the case that the mail belongs to ("": none)."""

    code: int
    reference: str = ""


class Sent(Struct, frozen=True):
    """A mail that left the platform: to whom the envelope said, and its bytes."""

    to: str
    raw: bytes


class Who(Struct, frozen=True):
    """Who did it, in which capacity."""

    kind: str
    id: str
    capacity: str
    name: str


class KeptFile(Struct, frozen=True):
    """An attachment of a case."""

    sha256: str
    name: str
    size: int
    type: str
    version: int
    href: str


class Entry(Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """One event of a history, as the API tells it. `before` and `after` are statuses."""

    version: int
    type: str
    at: datetime
    recorded_at: datetime
    who: Who
    channel: str
    internal: bool
    before: str
    after: str
    definition: str
    record: UUID
    causation: UUID | None
    text: str
    author: str
    files: list[KeptFile]
    what: dict[str, Any]


class ClockResponse(Struct, frozen=True):
    """One target's clock."""

    target: str
    due: datetime | None
    state: str
    level: int
    cycle: int


class LinkResponse(Struct, frozen=True):
    """Another case that a case has to do with."""

    kind: str
    direction: str
    reference: str


class WatcherResponse(Struct, frozen=True):
    """Somebody who follows a case."""

    watcher: str
    name: str
    through: str = ""


class ConsultationResponse(Struct, frozen=True):
    """What a team was asked and has not answered."""

    id: str
    team: str


class AccountResponse(Struct, frozen=True, kw_only=True):
    """The account of a case as the API tells it at a moment; amounts in minutes."""

    reference: str
    as_of: datetime
    work: int
    granted: int
    used: int
    left: int
    free: int
    approvals: list[dict[str, Any]]
    at_submission: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    billed: list[dict[str, Any]]
    rates: list[dict[str, Any]]
    surcharges: list[dict[str, Any]]


class StepResponse(Struct, frozen=True):
    """A step that may be asked for now."""

    name: str
    title: str
    to: str
    requires_comment: bool
    requires_fields: list[str]


class PhaseResponse(Struct, frozen=True):
    """A phase that may be entered now."""

    name: str
    title: str
    status: str
    requires_comment: bool
    requires_fields: list[str]


class ReleaseResponse(Struct, frozen=True):
    """The release that a case is planned for."""

    release: str
    week: str
    slipped: int
    released_at: datetime | None


class RatingResponse(Struct, frozen=True):
    """Whether the contact was asked to rate, and how they did."""

    asked_at: datetime | None
    stars: int | None
    rated_at: datetime | None


class DecisionResponse(Struct, frozen=True):
    """A decision on a case."""

    decision: str
    title: str
    state: str
    asked_at: datetime | None
    decided_at: datetime | None


class CaseResponse(Struct, frozen=True, kw_only=True):
    """A case as the API tells it to somebody."""

    reference: str
    title: str
    case_type: str
    status: str
    status_kind: str
    waits_for: str
    stands_out: bool
    priority: str
    customer: str
    contact: str
    team: str
    agent: str
    created_at: datetime
    version: int
    channel: str
    definition: str
    fields: dict[str, str]
    attachments: list[KeptFile]
    clocks: list[ClockResponse]
    steps: list[StepResponse]
    may_comment: bool
    links: list[LinkResponse] = []
    weight: int = 0
    stranger: dict[str, str] | None = None
    watchers: list[WatcherResponse] = []
    tags: list[str] = []
    may_tag: list[str] = []
    consultations: list[ConsultationResponse] = []
    phase: str
    phases: list[PhaseResponse]
    release: ReleaseResponse | None
    rating: RatingResponse | None
    may_rate: bool
    decisions: list[DecisionResponse]


class Reason(Struct, frozen=True):
    """What one criterion of a ranking gave."""

    criterion: str
    title: str
    value: str
    points: float


class WaitingResponse(Struct, frozen=True, kw_only=True):
    """A case that waits for a decision, as the API tells it."""

    reference: str
    yours: bool
    points: float
    reasons: list[Reason]
