"""The words that a definition may use because code implements each of them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_origin, get_type_hints

from case_events.contracts import Event, every_contract
from case_events.contracts.declared import NoticeTerms

Capacity = Literal["contact", "agent", "system"]
"""The capacity of an actor."""

ContactRole = Literal["normal", "key", "super_user"]
AGENT_ROLES: tuple[str, ...] = ("agent", "administrator", "operator")
"""The roles of agents in the platform itself; a definition declares more."""

TRIGGERS: Mapping[str, str] = {
    trigger.name: trigger.section for one in every_contract() for trigger in one.triggers
}
"""The triggers of steps and consequences, and the section of the definition whose names each may be
about, after a colon: `breached:resolution`. Empty: the trigger stands alone."""

NEEDS: Mapping[str, str] = {
    trigger.name: trigger.needs
    for one in every_contract()
    for trigger in one.triggers
    if trigger.needs
}
"""The part of a definition without which a trigger never happens, as a path with dots."""

Audience = Literal["contact", "agent"]
"""The audience of an article: contacts and agents, or agents only."""

_NOTICES: Mapping[str, NoticeTerms] = {
    one.label: one.notice for one in every_contract() if one.notice is not None
}

NOTICE_EVENTS: tuple[str, ...] = tuple(_NOTICES)
"""The events of a case's history that can send a notice, by their labels."""

if TYPE_CHECKING:
    NoticeEvent = str
else:
    NoticeEvent = Literal[NOTICE_EVENTS]

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
"""The recipients of notices. `watcher` is the added watcher, `consulted` the team that is asked,
`on_call` the agents on call in the directory, or the case's team if there is none. `level` is the
level of an escalation, or each raised level of a target that was answered late or withdrawn. `role`
is every agent with the role of a decision, whether absent or not."""

METRICS: tuple[str, ...] = ("first_response", "next_response", "assessment", "resolution")
"""The metrics whose beginnings and ends the definition need not give."""

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
"""The signals that begin and end a metric or a timer; in addition `status:<name>` and `type:<name>`
(the case entered that status, or was given that type), `left:<name>` (it left that status), and
every trigger."""

DESK_EVENTS: tuple[str, ...] = tuple(
    label for label, terms in _NOTICES.items() if terms.audience == "desk"
)
"""The events of which no contact is notified: internal ones, and requests between colleagues."""

NAMED_BY: Mapping[str, tuple[str, ...]] = {
    recipient: tuple(label for label, terms in _NOTICES.items() if recipient in terms.recipients)
    for terms in _NOTICES.values()
    for recipient in terms.recipients
}
"""The recipients that only some events name, with those events."""

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
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    label: _OF_EVERY_CASE.union(terms.places) for label, terms in _NOTICES.items()
}
"""The placeholders of a template, by the event that sends it."""

MESSAGE_PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "unknown_sender": frozenset({"tenant", "address", "subject"}),
    "reply_refused": frozenset({"tenant", "recipient", "address", "subject", "reference"}),
}
"""Mails that answer a message that reached no case, with the placeholders of each: to an unknown
sender, or about a case that takes no more comments. Every tenant has each of them."""


def _members_of_events() -> dict[str, Any]:
    """Every member of events that rules may read, with its value if nothing is known."""
    members: dict[str, Any] = {}
    for one in every_contract():
        for name in one.rule_members:
            empty = _type_of(one.event, name)()
            if members.setdefault(name, empty) != empty:
                raise TypeError(f"{one.ce_type}: rules know {name} as another type")
    return members


def _type_of(event: type[Event], member: str) -> Callable[[], Any]:
    """The type of a field or property of an event."""
    given = getattr(event, member)
    holder = given.fget if isinstance(given, property) else event
    kind = get_type_hints(holder)["return" if isinstance(given, property) else member]
    return str if get_origin(kind) is Literal else kind


RULE_VARIABLES: Mapping[str, Mapping[str, Any]] = {
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
        "tags": [],
        "fields": {},
        "work_minutes": 0,
        "approved_minutes": 0,
        "left_minutes": 0,
    },
    "event": {"type": "", **_members_of_events()},
    "actor": {"id": "", "capacity": "", "roles": []},
    "contact": {"id": "", "email": "", "language": "", "role": ""},
    "customer": {"id": "", "name": ""},
    "agreement": {"id": "", "kind": ""},
}
"""The variables of rules, each with its value if nothing is known. `now` is an instant."""
