"""The values of a scenario: people, answers, and cases as the platform returns them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct


class Person(Struct, frozen=True):
    """A person of a tenant's directory."""

    tenant: str
    kind: Literal["contact", "agent", "auditor"]
    id: str
    address: str


class File(Struct, frozen=True):
    """A file that a person sends."""

    name: str
    data: bytes
    type: str = "text/plain"


class Form(Struct, frozen=True, kw_only=True):
    """A new case as its form is filled in. `contact` is the contact for whom an agent fills it in;
    with `contact_name` (and `language`) it is the address of an unregistered contact.

    `channel` is the named channel, `menu` the caller's choice; `received_at` is the earlier time of
    receipt that an agent states.
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
    """The result of a command. `pending` means no result yet."""

    status: Literal["done", "unchanged", "refused", "pending"]
    version: int = 0
    code: str = ""
    field: str = ""
    rule: str = ""
    reason: str = ""


class TopicResponse(Struct, frozen=True, kw_only=True):
    """A line of the report on topics, as the API returns it."""

    topic: str
    name: str
    group: dict[str, str]
    cases: int
    contacts: int
    articles: int


class ArticleResponse(Struct, frozen=True, kw_only=True):
    """An article, as the API returns it to a person."""

    id: str
    title: str
    topic: str
    topic_name: str
    text: str


class Delivery(Struct, frozen=True):
    """The answer of the SMTP listener, and the case of the mail ("": none)."""

    code: int
    reference: str = ""


class Sent(Struct, frozen=True):
    """A sent mail: the recipients of its envelope, and its bytes."""

    to: str
    raw: bytes


class Who(Struct, frozen=True):
    """The actor, and in which capacity they acted."""

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
    """One event of a history, as the API returns it. `before` and `after` are statuses."""

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
    """Another case that is linked to a case."""

    kind: str
    direction: str
    reference: str


class WatcherResponse(Struct, frozen=True):
    """A person who follows a case."""

    watcher: str
    name: str
    through: str = ""


class ConsultationResponse(Struct, frozen=True):
    """A question to a team, without an answer yet."""

    id: str
    team: str


class AccountResponse(Struct, frozen=True, kw_only=True):
    """The account of a case, as the API returns it for a time; amounts in minutes."""

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
    """A step that may be requested now."""

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
    """The release for which a case is planned."""

    release: str
    week: str
    slipped: int
    released_at: datetime | None


class RatingResponse(Struct, frozen=True):
    """Whether the contact was asked to rate, and the rating."""

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


class BouncedResponse(Struct, frozen=True, kw_only=True):
    """An address that mail about a case did not reach."""

    address: str
    recipient: str
    standing: str
    status: str
    reason: str
    at: datetime


class CaseResponse(Struct, frozen=True, kw_only=True):
    """A case, as the API returns it to a person."""

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
    unregistered: dict[str, str] | None = None
    watchers: list[WatcherResponse] = []
    tags: list[str] = []
    may_tag: list[str] = []
    consultations: list[ConsultationResponse] = []
    bounces: list[BouncedResponse] = []
    phase: str
    phases: list[PhaseResponse]
    release: ReleaseResponse | None
    rating: RatingResponse | None
    may_rate: bool
    decisions: list[DecisionResponse]


class Reason(Struct, frozen=True):
    """The points of one criterion of a ranking."""

    criterion: str
    title: str
    value: str
    points: float


class WaitingResponse(Struct, frozen=True, kw_only=True):
    """A case that waits for a decision, as the API returns it."""

    reference: str
    yours: bool
    points: float
    reasons: list[Reason]
