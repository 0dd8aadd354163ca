"""The history of a case: its events. Workflow also copies the events of sla and notify into it, so
it is the complete truth about a case."""

from collections.abc import Callable

from case_events.contracts.base import Event, contract
from case_events.contracts.declared import Audience, Trigger, has_reason, notice
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.topics import CASES

ROUTED = "routed"
"""The reason of an assignment that no person made: the routing of a new case."""


def _by_an_agent(event: "PriorityAssessed") -> bool:
    """Return whether an agent assessed it. A priority that a rule sets at the start belongs to the
    creation of the case, and fires no trigger of its own."""
    return event.by == "agent"


def _by_a_rule(event: "PriorityAssessed") -> bool:
    return event.by == "rule"


def _is_routed(event: "CaseAssigned") -> bool:
    """Return whether it is the routing of a new case, which completes its creation."""
    return event.reason == ROUTED


def _is_assigned(event: "CaseAssigned") -> bool:
    return event.reason != ROUTED


def _replied(author: str) -> Callable[["CommentAdded"], bool]:
    """Return a condition: a public comment of this author, without a transition, which would fire
    its own trigger."""
    return lambda event: event.public and not event.transition and event.author == author


def _readers(event: "CommentAdded") -> Audience:
    return "everyone" if event.public else "desk"


@contract(
    "case.classified",
    CASES,
    label="case_classified",
    triggers=(Trigger(name="classified", about="case_type", section="case_types"),),
    notice=notice("previous_type", "type_help"),
    moves_clocks=True,
)
class CaseClassified(Event, frozen=True):
    """The case type was set or changed."""

    case_type: str
    previous: str = ""


@contract(
    "case.priority-assessed",
    CASES,
    version=2,
    label="priority_assessed",
    triggers=(Trigger(name="prioritised", when=_by_an_agent),),
    notice=notice("previous_priority"),
    by_rule=_by_a_rule,
    moves_clocks=True,
)
class PriorityAssessed(Event, frozen=True):
    """The priority was set: `by` the definition's `rule`, or an `agent`'s assessment. `axes` are
    the values on the axes of the matrix, by name, if they led to it."""

    priority: str
    previous: str = ""
    axes: dict[str, str] = {}
    by: str = "rule"


@contract(
    "case.assessment-requested",
    CASES,
    label="assessment_requested",
    notice=notice("comment", "author"),
    moves_clocks=True,
)
class AssessmentRequested(Event, frozen=True):
    """A person asked for another assessment of the priority, with a reason."""

    priority: str
    personal: WrittenContent = WrittenContent()


@contract(
    "case.agreement-applied",
    CASES,
    label="agreement_applied",
    audience="desk",
    by_rule=True,
    moves_clocks=True,
)
class AgreementApplied(Event, frozen=True):
    """The agreement whose targets hold for the case from now on: `tenant/id/version`.

    Empty: no agreement, best effort.
    """

    agreement: str
    previous: str = ""


@contract(
    "case.status-changed",
    CASES,
    label="status_changed",
    notice=notice("previous_status", "comment"),
    rule_members=("transition", "from_status", "to_status", "reason"),
    by_rule=has_reason,
    moves_clocks=True,
)
class StatusChanged(Event, frozen=True):
    """The case went from one status to another, by a transition of its definition.

    `previous` is empty for the first status. `reason` names the rule, if no person asked.
    """

    status: str
    previous: str = ""
    transition: str = ""
    reason: str = ""

    @property
    def from_status(self) -> str:
        """The previous status, under the name that rules use."""
        return self.previous

    @property
    def to_status(self) -> str:
        """The new status, under the name that rules use."""
        return self.status


@contract("case.fields-set", CASES, label="fields_set", moves_clocks=True)
class FieldsSet(Event, frozen=True):
    """Fields of the case type were filled in or changed. `fields` has the new values only."""

    fields: dict[str, str]


@contract(
    "case.assigned",
    CASES,
    label="case_assigned",
    triggers=(
        Trigger(name="created", when=_is_routed),
        Trigger(name="assigned", when=_is_assigned),
    ),
    notice=notice(),
    rule_members=("reason",),
    by_rule=has_reason,
    moves_clocks=True,
)
class CaseAssigned(Event, frozen=True):
    """The case was assigned to a team, and to an agent of it if one is named.

    `reason` names the rule, if no person asked. `stands_in_for` is the absent agent whom this agent
    replaces.
    """

    team: str
    agent: str = ""
    reason: str = ""
    previous_team: str = ""
    previous_agent: str = ""
    stands_in_for: str = ""


@contract(
    "case.comment-added",
    CASES,
    label="comment_added",
    triggers=(
        Trigger(name="contact_replied", when=_replied("contact")),
        Trigger(name="agent_replied", when=_replied("agent")),
    ),
    notice=notice("comment", "author", audience=_readers),
    rule_members=("transition", "public", "answers"),
    audience=_readers,
    moves_clocks=True,
)
class CommentAdded(Event, frozen=True):
    """A comment was added to the case. Contacts see it if `public` is true; they never see internal
    notes.

    `author` is the side that wrote: `contact` or `agent`. `comment` is the id of the comment, which
    is the id of the record that brought it. `transition` names the transition that it came with (a
    phase as `phase:testing`, a decision as `decision:change`); the comment then directly precedes
    the events of that transition. `answers` is the notice that a mail replied to. `no_answer`: the
    mail asks that no machine answers it.
    """

    comment: str
    author: str
    public: bool
    transition: str = ""
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: WrittenContent = WrittenContent()
    answers: str = ""
    no_answer: bool = False
