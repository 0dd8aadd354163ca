"""What a tenant writes: the shape of a process definition, as it stands in YAML and on Kafka."""

from typing import Any, Literal

from pydantic import Field, model_validator

from case_definition.schema.access import Access, Redirect
from case_definition.schema.approvals import Approval
from case_definition.schema.channels import Channel
from case_definition.schema.consequences import Automation, Consequence, Trigger
from case_definition.schema.decisions import Decision, Ranking
from case_definition.schema.fair_use import FairUse
from case_definition.schema.knowledge import Knowledge
from case_definition.schema.links import Links
from case_definition.schema.model import (
    DefinitionModel,
    Language,
    MailAddress,
    Name,
    Requires,
    Rule,
    TenantId,
)
from case_definition.schema.notices import Level, Notice, Route, Team, Webhook
from case_definition.schema.numbering import References
from case_definition.schema.people import Consultation, Watchers
from case_definition.schema.phases import Phase
from case_definition.schema.ratings import RatingTerms
from case_definition.schema.releases import ReleaseCycles
from case_definition.schema.tags import Tag
from case_definition.schema.targets import MetricTerms, TargetTerms
from case_definition.schema.timers import ProcessTimer
from case_definition.schema.work import WorkTerms
from case_definition.vocabulary import (
    METRICS,
    Capacity,
    ContactRole,
)


class SenderAddress(DefinitionModel):
    """Who a mail comes from."""

    address: MailAddress
    name: str


class MailAddresses(DefinitionModel):
    """The tenant's own mail addresses."""

    sender: SenderAddress
    receives: tuple[MailAddress, ...] = Field(min_length=1)
    """Addresses whose mail becomes a case."""


class CaseField(DefinitionModel):
    """Something to fill in."""

    name: Name
    type: Literal["text", "choice", "number", "date", "boolean", "files", "agent"]
    """`agent` names one of the directory, by id; people read the name. `files` names files that
    are attached to the case, by what they are called, with a comma between."""
    options: tuple[Name, ...] = ()
    """The answers of a choice, in order."""
    max_length: int = Field(default=20_000, gt=0)
    """Characters of a text."""
    visible_to: tuple[Capacity, ...] = ("contact", "agent")
    editable_by: tuple[Capacity, ...] = ("contact", "agent")
    editable_when: Rule | None = None
    """Who of them may change it now; asked of the case as it was before. `event.transition` and
    `event.phase` are what it is changed with."""


class FieldUse(DefinitionModel):
    """A field as one type of case asks for it."""

    field: Name
    required: bool = False
    """Whether a case cannot be created without it."""
    accept: bool = False
    """A yes or no to which only yes is taken: conditions or costs to be accepted."""


class StartPriority(DefinitionModel):
    """The priority of a new case: always the same, or by the matrix where it is filled in."""

    priority: Name
    """What it is, or what it is while the matrix gives no answer."""
    by_matrix: bool = False


class CaseType(DefinitionModel):
    """A kind of case."""

    name: Name
    start_status: Name
    start_priority: StartPriority
    created_by: tuple[Capacity, ...] = Field(min_length=1)
    when: Rule | None = None
    """Who of them may create one."""
    redirect: Redirect | None = None
    """Whom a contact is sent to who may not create one."""
    fields: tuple[FieldUse, ...]
    reclassify_to: tuple[Name, ...] = ()
    """What an agent may turn it into."""

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields, in the order of the form."""
        return tuple(use.field for use in self.fields)


class Matrix(DefinitionModel):
    """Priority from two choices: `priority[first][second]`."""

    axes: tuple[Name, Name]
    """The two choice fields."""
    priority: dict[Name, dict[Name, Name]]


class Priorities(DefinitionModel):
    """The scale, most urgent first."""

    scale: tuple[Name, ...] = Field(min_length=1)
    matrix: Matrix | None = None
    reassessed_by: tuple[Capacity, ...] = ()
    """Who may ask that the priority is assessed again."""


class Status(DefinitionModel):
    """Where a case stands."""

    name: Name
    kind: Literal["active", "waiting", "resolved", "final"]
    waits_for: Literal["contact", "agent", "third_party", "none"]
    stands_out: bool = False
    """Whether lists show the contact that it waits for them."""
    pauses: tuple[Name, ...] = ()
    """Which clocks and timers stand still."""
    comments_by: tuple[Capacity, ...] = ("contact", "agent")
    """Who may add to the conversation."""


class Transition(DefinitionModel):
    """A step from one status to another: by people, on an event, or both."""

    name: Name
    from_statuses: tuple[Name, ...] = Field(alias="from", min_length=1)
    to: Name
    by: tuple[Capacity, ...] = ()
    on: Trigger | None = None
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    when: Rule | None = None
    requires: Requires = Requires()
    then: tuple[Consequence, ...] = ()
    """What follows once it is taken."""

    @model_validator(mode="after")
    def _somebody_or_something_takes_it(self) -> "Transition":
        if not self.by and self.on is None:
            raise ValueError("say who takes this step (`by`) or on which event it happens (`on`)")
        return self

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type can take it."""
        return not self.case_types or case_type in self.case_types


class DefinitionDocument(DefinitionModel):
    """A tenant's process definition."""

    tenant: TenantId
    name: str
    version: int = Field(gt=0)
    """Goes up with every change that is published."""
    languages: tuple[Language, ...] = Field(min_length=1)
    default_language: Language
    mail: MailAddresses
    references: References
    channels: tuple[Channel, ...] = Field(min_length=1)
    fields: tuple[CaseField, ...]
    case_types: tuple[CaseType, ...] = Field(min_length=1)
    priorities: Priorities
    statuses: tuple[Status, ...] = Field(min_length=1)
    transitions: tuple[Transition, ...] = Field(min_length=1)
    automations: tuple[Automation, ...] = ()
    approvals: tuple[Approval, ...] = ()
    work: WorkTerms | None = None
    """Booking of time; none is booked where left out."""
    phases: tuple[Phase, ...] = ()
    roles: tuple[Name, ...] = ()
    """Roles of agents that decide, beside those that the platform knows."""
    rankings: tuple[Ranking, ...] = ()
    decisions: tuple[Decision, ...] = ()
    releases: ReleaseCycles | None = None
    tags: tuple[Tag, ...] = ()
    ratings: RatingTerms | None = None
    links: Links = Links()
    calendars: dict[Name, dict[str, Any]] = {}
    metrics: tuple[MetricTerms, ...] = ()
    """What else can be promised, or what more begins and ends one of the four known metrics."""
    targets: tuple[TargetTerms, ...] = ()
    """The tenant's own promises, for every case: after those of its agreement."""
    timers: tuple[ProcessTimer, ...] = ()
    escalation: tuple[Level, ...] = ()
    """Who is told when a target of a case is about to be missed, or is: level by level."""
    teams: tuple[Team, ...] = Field(min_length=1)
    routing: tuple[Route, ...] = Field(min_length=1)
    visibility: dict[ContactRole, Literal["own", "customer"]]
    """Whose cases a contact sees, by role: their own, or all of their customer."""
    hidden_from: tuple[Name, ...] = ()
    """The case does not exist for the agents whom these fields name."""
    access: Access | None = None
    """How contacts get in by themselves; without it an operator makes their accounts."""
    watchers: Watchers = Watchers()
    consultation: Consultation = Consultation()
    webhooks: tuple[Webhook, ...] = ()
    notices: tuple[Notice, ...] = ()
    knowledge: Knowledge | None = None
    fair_use: tuple[FairUse, ...] = ()
    texts: dict[Language, dict[str, str]] = {}
    """Everything that people read, by language and dotted key; written in texts.<language>.yaml."""

    @property
    def metric_names(self) -> tuple[str, ...]:
        """Everything that can be promised."""
        return (*METRICS, *(m.name for m in self.metrics if m.name not in METRICS))
