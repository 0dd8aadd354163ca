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
    "case_created",
    "status_changed",
    "comment_added",
    "case_assigned",
    "priority_assessed",
    "assessment_requested",
    "deadline_set",
    "deadline_warned",
    "target_breached",
    "target_answered",
    "breach_withdrawn",
    "escalation_raised",
    "phase_changed",
    "decision_requested",
    "decision_made",
    "release_planned",
    "release_slipped",
    "case_released",
    "rating_requested",
    "case_rated",
    "case_linked",
    "case_unlinked",
    "case_merged",
    "merge_undone",
    "problem_solved",
    "timer_fired",
    "watcher_added",
    "consultation_requested",
    "consultation_answered",
    "case_classified",
    "approval_requested",
    "approval_granted",
    "approval_declined",
    "work_logged",
    "work_corrected",
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
    "case_linked",
    "case_unlinked",
    "problem_solved",
    "decision_requested",
    "decision_made",
    "consultation_requested",
    "consultation_answered",
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
    "case_created": _OF_EVERY_CASE | {"description", "other"},
    "status_changed": _OF_EVERY_CASE | {"previous_status", "comment"},
    "comment_added": _OF_EVERY_CASE | {"comment", "author"},
    "case_assigned": _OF_EVERY_CASE,
    "priority_assessed": _OF_EVERY_CASE | {"previous_priority"},
    "deadline_set": _OF_EVERY_CASE | _OF_A_TARGET,
    "deadline_warned": _OF_EVERY_CASE | _OF_A_TARGET,
    "target_breached": _OF_EVERY_CASE | _OF_A_TARGET,
    "target_answered": _OF_EVERY_CASE | _OF_A_TARGET,
    "assessment_requested": _OF_EVERY_CASE | {"comment", "author"},
    "breach_withdrawn": _OF_EVERY_CASE | _OF_A_TARGET,
    "timer_fired": _OF_EVERY_CASE,
    "watcher_added": _OF_EVERY_CASE | {"author"},
    "consultation_requested": _OF_EVERY_CASE | {"comment", "author", "asked_team"},
    "consultation_answered": _OF_EVERY_CASE | {"comment", "author", "asked_team"},
    "escalation_raised": _OF_EVERY_CASE | _OF_A_TARGET | {"level", "role", "reason"},
    "phase_changed": _OF_EVERY_CASE | {"phase", "previous_phase", "comment"},
    "decision_requested": _OF_EVERY_CASE | {"decision", "role", "reason", "author"},
    "decision_made": _OF_EVERY_CASE | {"decision", "role", "outcome", "reason", "author"},
    "release_planned": _OF_EVERY_CASE | _OF_A_RELEASE,
    "release_slipped": _OF_EVERY_CASE | _OF_A_RELEASE | {"previous_week"},
    "case_released": _OF_EVERY_CASE | _OF_A_RELEASE,
    "rating_requested": _OF_EVERY_CASE | {"rating_link"},
    "case_rated": _OF_EVERY_CASE | {"stars", "comment", "author"},
    "case_linked": _OF_EVERY_CASE | {"other", "weight"},
    "case_unlinked": _OF_EVERY_CASE | {"other", "weight"},
    "case_merged": _OF_EVERY_CASE | {"other"},
    "merge_undone": _OF_EVERY_CASE | {"other"},
    "problem_solved": _OF_EVERY_CASE | {"other"},
    "case_classified": _OF_EVERY_CASE | {"previous_type", "type_help"},
    "approval_requested": _OF_EVERY_CASE | _OF_AN_ACCOUNT | {"estimate"},
    "approval_granted": _OF_EVERY_CASE | _OF_AN_ACCOUNT,
    "approval_declined": _OF_EVERY_CASE | _OF_AN_ACCOUNT,
    "work_logged": _OF_EVERY_CASE | _OF_WORK,
    "work_corrected": _OF_EVERY_CASE | _OF_WORK,
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
