"""The words that a definition may use because code stands behind each of them."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

Capacity = Literal["contact", "agent", "system"]
"""In which capacity somebody acts."""

ContactRole = Literal["normal", "key", "super_user"]
AGENT_ROLES: tuple[str, ...] = ("agent", "administrator", "operator")
"""The roles of agents that the platform itself knows; a definition declares more."""

TRIGGERS: Mapping[str, str] = {
    "created": "",
    "contact_replied": "",
    "agent_replied": "",
    "assigned": "",
    "classified": "case_types",
    "prioritised": "",
    "approval_requested": "approvals",
    "approval_granted": "approvals",
    "approval_declined": "approvals",
    "work_logged": "",
    "allowance_used": "",
    "warned": "metrics",
    "breached": "metrics",
    "phase": "phases",
    "decision_asked": "decisions",
    "decision_yes": "decisions",
    "decision_no": "decisions",
    "release_planned": "",
    "release_slipped": "",
    "release_passed": "",
    "released": "",
    "rated": "",
    "linked": "",
    "problem_solved": "",
    "timer": "timers",
    "consulted": "teams",
    "consultation_answered": "teams",
}
"""What can set off a step or consequences by itself, and the section of the definition whose
names it may be about, after a colon: `breached:resolution`. Empty: it stands alone."""
Audience = Literal["contact", "agent"]
"""Whom an article is for: contacts and agents, or agents alone."""

NoticeEvent = Literal[
    "CaseCreated",
    "StatusChanged",
    "CommentAdded",
    "CaseAssigned",
    "PriorityAssessed",
    "AssessmentRequested",
    "DeadlineSet",
    "DeadlineWarned",
    "TargetBreached",
    "TargetAnswered",
    "BreachWithdrawn",
    "EscalationRaised",
    "PhaseChanged",
    "DecisionRequested",
    "DecisionMade",
    "ReleasePlanned",
    "ReleaseSlipped",
    "CaseReleased",
    "RatingRequested",
    "CaseRated",
    "CaseLinked",
    "CaseUnlinked",
    "CaseMerged",
    "MergeUndone",
    "ProblemSolved",
    "TimerFired",
    "WatcherAdded",
    "ConsultationRequested",
    "ConsultationAnswered",
    "CaseClassified",
    "ApprovalRequested",
    "ApprovalGranted",
    "ApprovalDeclined",
    "WorkLogged",
    "WorkCorrected",
]
"""Events of a case's history that can send a notice."""

Recipient = Literal[
    "contact",
    "watchers",
    "watcher",
    "agent",
    "team",
    "level",
    "consulted",
    "on_call",
    "role",
]
"""Who can get a notice. `watcher` is the one who was added, `consulted` the team that is asked,
`on_call` the agents whom the directory has on call, or the case's team where nobody is. `level` is
the level that an escalation names, or each one that had been raised for what was answered late or
is withdrawn. `role` is every agent with the role of a decision, whether they are away or not."""

METRICS: tuple[str, ...] = ("first_response", "next_response", "assessment", "resolution")
"""What a target measures without the definition having to say from when until when."""

SIGNALS: tuple[str, ...] = (
    "created",
    "customer_reply",
    "agent_reply",
    "assessment_requested",
    "assessed",
    "assigned",
    "resolved",
    "reopened",
)
"""What can begin and end a metric or a timer; beside these `status:<name>` and `type:<name>` (the
case came into that status, or was given that type), `left:<name>` (it left that status), and every
trigger."""

NOTICE_EVENTS: tuple[str, ...] = get_args(NoticeEvent)

DESK_EVENTS: tuple[str, ...] = (
    "CaseLinked",
    "CaseUnlinked",
    "ProblemSolved",
    "DecisionRequested",
    "DecisionMade",
    "ConsultationRequested",
    "ConsultationAnswered",
)
"""What no contact is told of: cases that are the desk's own, and what the desk asked itself."""

FROM_MAIL = frozenset({"title", "description", "attachments"})
"""The fields that a mail fills in: its subject, its text, its attachments."""

_OF_EVERY_CASE = frozenset(
    {
        "reference",
        "title",
        "tenant",
        "recipient",
        "contact",
        "customer",
        "case_type",
        "status",
        "priority",
        "team",
        "agent",
        "link",
    }
)
_OF_A_TARGET = frozenset({"metric", "due"})
_OF_A_RELEASE = frozenset({"release", "week", "comment"})
_OF_AN_ACCOUNT = frozenset({"approval", "amount", "granted", "used", "left", "comment", "author"})
_OF_WORK = _OF_AN_ACCOUNT | {"kind", "billing", "why", "free", "surcharges"}

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "CaseCreated": _OF_EVERY_CASE | {"description", "other"},
    "StatusChanged": _OF_EVERY_CASE | {"previous_status", "comment"},
    "CommentAdded": _OF_EVERY_CASE | {"comment", "author"},
    "CaseAssigned": _OF_EVERY_CASE,
    "PriorityAssessed": _OF_EVERY_CASE | {"previous_priority"},
    "DeadlineSet": _OF_EVERY_CASE | _OF_A_TARGET,
    "DeadlineWarned": _OF_EVERY_CASE | _OF_A_TARGET,
    "TargetBreached": _OF_EVERY_CASE | _OF_A_TARGET,
    "TargetAnswered": _OF_EVERY_CASE | _OF_A_TARGET,
    "AssessmentRequested": _OF_EVERY_CASE | {"comment", "author"},
    "BreachWithdrawn": _OF_EVERY_CASE | _OF_A_TARGET,
    "TimerFired": _OF_EVERY_CASE,
    "WatcherAdded": _OF_EVERY_CASE | {"author"},
    "ConsultationRequested": _OF_EVERY_CASE | {"comment", "author", "asked_team"},
    "ConsultationAnswered": _OF_EVERY_CASE | {"comment", "author", "asked_team"},
    "EscalationRaised": _OF_EVERY_CASE | _OF_A_TARGET | {"level", "role", "reason"},
    "PhaseChanged": _OF_EVERY_CASE | {"phase", "previous_phase", "comment"},
    "DecisionRequested": _OF_EVERY_CASE | {"decision", "role", "reason", "author"},
    "DecisionMade": _OF_EVERY_CASE | {"decision", "role", "outcome", "reason", "author"},
    "ReleasePlanned": _OF_EVERY_CASE | _OF_A_RELEASE,
    "ReleaseSlipped": _OF_EVERY_CASE | _OF_A_RELEASE | {"previous_week"},
    "CaseReleased": _OF_EVERY_CASE | _OF_A_RELEASE,
    "RatingRequested": _OF_EVERY_CASE | {"rating_link"},
    "CaseRated": _OF_EVERY_CASE | {"stars", "comment", "author"},
    "CaseLinked": _OF_EVERY_CASE | {"other", "weight"},
    "CaseUnlinked": _OF_EVERY_CASE | {"other", "weight"},
    "CaseMerged": _OF_EVERY_CASE | {"other"},
    "MergeUndone": _OF_EVERY_CASE | {"other"},
    "ProblemSolved": _OF_EVERY_CASE | {"other"},
    "CaseClassified": _OF_EVERY_CASE | {"previous_type", "type_help"},
    "ApprovalRequested": _OF_EVERY_CASE | _OF_AN_ACCOUNT | {"estimate"},
    "ApprovalGranted": _OF_EVERY_CASE | _OF_AN_ACCOUNT,
    "ApprovalDeclined": _OF_EVERY_CASE | _OF_AN_ACCOUNT,
    "WorkLogged": _OF_EVERY_CASE | _OF_WORK,
    "WorkCorrected": _OF_EVERY_CASE | _OF_WORK,
}
"""What a template may name, by the event that sends it."""

MESSAGE_PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "unknown_sender": frozenset({"tenant", "address", "subject"}),
    "reply_refused": frozenset({"tenant", "recipient", "address", "subject", "reference"}),
}
"""Mail that answers what got on no case, and what its template may name: from somebody whom the
desk does not know, or to a case that takes no more. Every tenant has each of them."""

FACTS: Mapping[str, Mapping[str, Any]] = {
    "case": {
        "type": "",
        "priority": "",
        "status": "",
        "team": "",
        "agent": "",
        "channel": "",
        "menu": "",
        "title": "",
        "phase": "",
        "release": "",
        "weight": 1,
        "fields": {},
        "work_minutes": 0,
        "approved_minutes": 0,
        "left_minutes": 0,
    },
    "event": {
        "type": "",
        "transition": "",
        "from_status": "",
        "to_status": "",
        "public": False,
        "metric": "",
        "level": 0,
        "kind": "",
        "reason": "",
        "phase": "",
        "decision": "",
        "outcome": "",
        "release": "",
        "stars": 0,
        "timer": "",
        "answers": "",
        "approval": "",
        "minutes": 0,
        "billable": False,
        "why": "",
    },
    "actor": {"id": "", "capacity": "", "roles": []},
    "contact": {"id": "", "email": "", "language": "", "role": ""},
    "customer": {"id": "", "name": ""},
    "agreement": {"id": "", "kind": ""},
}
"""What a rule may ask, each with the value it has where nothing is known. `now` is an instant."""
