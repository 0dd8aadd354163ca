"""A process definition, as in YAML and on Kafka."""

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
    """The sender of mails."""

    address: MailAddress
    name: str


class MailAddresses(DefinitionModel):
    """The tenant's own mail addresses."""

    sender: SenderAddress
    receives: tuple[MailAddress, ...] = Field(min_length=1)
    """The addresses whose mail becomes a case."""


class CaseField(DefinitionModel):
    """A field of a case."""

    name: Name
    type: Literal["text", "choice", "number", "date", "boolean", "files", "agent"]
    """`agent` names an agent of the directory, by id; people read the name. `files` names files
    that are attached to the case, by their names, separated by commas."""
    options: tuple[Name, ...] = ()
    """The options of a choice, in order."""
    max_length: int = Field(default=20_000, gt=0)
    """The maximum length of a text, in characters."""
    visible_to: tuple[Capacity, ...] = ("contact", "agent")
    editable_by: tuple[Capacity, ...] = ("contact", "agent")
    editable_when: Rule | None = None
    """Who of these may change it now, evaluated for the case before the change. `event.transition`
    and `event.phase` name the step or phase of the change."""


class FieldUse(DefinitionModel):
    """A field on the form of one case type."""

    field: Name
    required: bool = False
    """Whether a case cannot be created without it."""
    accept: bool = False
    """A yes or no that must be yes: conditions or costs to accept."""


class StartPriority(DefinitionModel):
    """The priority of a new case: always the same, or by the matrix if its fields are filled in."""

    priority: Name
    """The priority, or the priority while the matrix gives none."""
    by_matrix: bool = False


class CaseType(DefinitionModel):
    """A type of case."""

    name: Name
    start_status: Name
    start_priority: StartPriority
    created_by: tuple[Capacity, ...] = Field(min_length=1)
    when: Rule | None = None
    """Who of these may create one."""
    redirect: Redirect | None = None
    """The people to whom a contact is sent who may not create one."""
    fields: tuple[FieldUse, ...]
    reclassify_to: tuple[Name, ...] = ()
    """The types to which an agent may change it."""

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields, in the order of the form."""
        return tuple(use.field for use in self.fields)


class Matrix(DefinitionModel):
    """The priority from two choices: `priority[first][second]`."""

    axes: tuple[Name, Name]
    """The two choice fields."""
    priority: dict[Name, dict[Name, Name]]


class Priorities(DefinitionModel):
    """The scale of priorities, most urgent first."""

    scale: tuple[Name, ...] = Field(min_length=1)
    matrix: Matrix | None = None
    reassessed_by: tuple[Capacity, ...] = ()
    """Who may ask for a new assessment of the priority."""


class Status(DefinitionModel):
    """A status of a case."""

    name: Name
    kind: Literal["active", "waiting", "resolved", "final"]
    waits_for: Literal["contact", "agent", "third_party", "none"]
    stands_out: bool = False
    """Whether lists highlight for the contact that the case waits for them."""
    pauses: tuple[Name, ...] = ()
    """The clocks and timers that pause in this status."""
    comments_by: tuple[Capacity, ...] = ("contact", "agent")
    """Who may write comments."""


class Transition(DefinitionModel):
    """A step from one status to another: by people, on an event, or both."""

    name: Name
    from_statuses: tuple[Name, ...] = Field(alias="from", min_length=1)
    to: Name
    by: tuple[Capacity, ...] = ()
    on: Trigger | None = None
    case_types: tuple[Name, ...] = ()
    """The case types with this step; default: all."""
    when: Rule | None = None
    requires: Requires = Requires()
    then: tuple[Consequence, ...] = ()
    """The consequences of the step."""

    @model_validator(mode="after")
    def _somebody_or_something_takes_it(self) -> "Transition":
        if not self.by and self.on is None:
            raise ValueError("say who takes this step (`by`) or on which event it happens (`on`)")
        return self

    def is_for(self, case_type: str) -> bool:
        """Whether cases of this type have it."""
        return not self.case_types or case_type in self.case_types


class DefinitionDocument(DefinitionModel):
    """The process definition of a tenant."""

    tenant: TenantId
    name: str
    version: int = Field(gt=0)
    """The version, which rises with every published change."""
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
    """Booking of time; without this section, no time is booked."""
    phases: tuple[Phase, ...] = ()
    roles: tuple[Name, ...] = ()
    """Roles of agents for decisions, in addition to the platform's roles."""
    rankings: tuple[Ranking, ...] = ()
    decisions: tuple[Decision, ...] = ()
    releases: ReleaseCycles | None = None
    tags: tuple[Tag, ...] = ()
    ratings: RatingTerms | None = None
    links: Links = Links()
    calendars: dict[Name, dict[str, Any]] = {}
    metrics: tuple[MetricTerms, ...] = ()
    """Further metrics, or further beginnings and ends of the four known metrics."""
    targets: tuple[TargetTerms, ...] = ()
    """The tenant's own targets, for every case: after those of its agreement."""
    timers: tuple[ProcessTimer, ...] = ()
    escalation: tuple[Level, ...] = ()
    """The escalation policy: who is notified, level by level, when a target is missed or about to
    be."""
    teams: tuple[Team, ...] = Field(min_length=1)
    routing: tuple[Route, ...] = Field(min_length=1)
    visibility: dict[ContactRole, Literal["own", "customer"]]
    """The cases that a contact sees, by role: their own, or all of their customer."""
    hidden_from: tuple[Name, ...] = ()
    """Fields that name agents. The case does not exist for the agents whom they name."""
    access: Access | None = None
    """How contacts get an account by themselves; without this section, an operator makes their
    accounts."""
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
        """The names of all metrics."""
        return (*METRICS, *(m.name for m in self.metrics if m.name not in METRICS))
