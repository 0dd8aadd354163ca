"""The case history: what happened to a case. Together with the facts that sla and notify
report, and that workflow takes over unchanged, this is the one truth."""

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import Attachment, Words
from case_events.topics import CASES


@contract("case.classified", CASES, label="case_classified")
class CaseClassified(Event, frozen=True):
    """The case type was set or changed."""

    case_type: str
    previous: str = ""


@contract("case.priority-assessed", CASES, version=2, label="priority_assessed")
class PriorityAssessed(Event, frozen=True):
    """The priority was set: `by` the definition's `rule`, or an `agent`'s assessment. `axes`:
    what was chosen on each axis of the matrix, by its name, where that led to it."""

    priority: str
    previous: str = ""
    axes: dict[str, str] = {}
    by: str = "rule"


@contract("case.assessment-requested", CASES, label="assessment_requested")
class AssessmentRequested(Event, frozen=True):
    """Somebody asked that the priority is assessed again, and why."""

    priority: str
    personal: Words = Words()


@contract("case.agreement-applied", CASES, label="agreement_applied")
class AgreementApplied(Event, frozen=True):
    """The agreement whose targets hold for the case from now on: `tenant/id/version`.

    Empty: no agreement, best effort.
    """

    agreement: str
    previous: str = ""


@contract("case.status-changed", CASES, label="status_changed")
class StatusChanged(Event, frozen=True):
    """The case went from one status to another by a transition of its definition.

    `previous` is empty for the first status. `reason` names the rule where no person asked.
    """

    status: str
    previous: str = ""
    transition: str = ""
    reason: str = ""


@contract("case.fields-set", CASES, label="fields_set")
class FieldsSet(Event, frozen=True):
    """Fields of the case type were filled in or changed: the new values only."""

    fields: dict[str, str]


@contract("case.assigned", CASES, label="case_assigned")
class CaseAssigned(Event, frozen=True):
    """The case went to a team, and to an agent of it where one is named.

    `reason` names the rule where no person asked. `stands_in_for` is the agent who was meant, and
    is away.
    """

    team: str
    agent: str = ""
    reason: str = ""
    previous_team: str = ""
    previous_agent: str = ""
    stands_in_for: str = ""


@contract("case.comment-added", CASES, label="comment_added")
class CommentAdded(Event, frozen=True):
    """Somebody wrote on the case. `public` is what contacts see; internal notes never are.

    `author` is the side that wrote: `contact` or `agent`. `comment` is its id: that of the
    record that brought it. `transition` names the step that it was given with (a phase as
    `phase:testing`, a decision as `decision:change`), and then comes just before its facts.
    `answers` is the notice that a mail replied to.
    """

    comment: str
    author: str
    public: bool
    transition: str = ""
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""
    raw: str = ""
    personal: Words = Words()
    answers: str = ""
