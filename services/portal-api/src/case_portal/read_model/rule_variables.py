"""What rules are told of a case as it is read, and whether they let something be asked of it now.

What is offered here, workflow decides: where a rule asks for what is not read with a case, it is
offered, and refused when it is asked.
"""

import re
from typing import Any

from case_definition.lookup import Definition
from case_definition.reference import Reference
from case_definition.rules import Facts, members_asked
from case_events.strangers import is_stranger

from case_portal.core.principal import Principal
from case_portal.read_model.view import CaseView

UNTOLD = frozenset({"case.menu", "case.work_minutes", "case.approved_minutes", "case.left_minutes"})
"""What is not read with a case."""
_THE_TIME = re.compile(r"\bnow\b")


def facts_of(view: CaseView) -> dict[str, Any]:
    """What a case tells of itself."""
    return {
        "case": {
            "type": view.case_type,
            "priority": view.priority,
            "status": view.status,
            "team": view.team,
            "agent": view.agent,
            "channel": view.channel,
            "title": view.title,
            "phase": view.phase,
            "release": view.release.release if view.release else "",
            "weight": max(1, view.weight),
            "fields": view.fields,
        },
        "contact": {"id": view.contact},
        "customer": {"id": view.customer},
        "agreement": {"id": view.agreement.split("/")[1] if view.agreement else ""},
    }


def facts_for(principal: Principal, view: CaseView, reference: Reference) -> dict[str, Any]:
    """What rules are told where this principal asks something of a case."""
    told, tenant = facts_of(view), view.tenant
    contact = reference.contact(tenant, view.contact)
    customer = reference.customer(tenant, view.customer)
    agreement = reference.agreement(view.agreement) if view.agreement else None
    return told | {
        "actor": {
            "id": principal.id,
            "capacity": principal.kind,
            "roles": _roles(principal, reference),
        },
        "contact": {
            "id": view.contact,
            "email": contact.email if contact else view.stranger.address,
            "language": contact.language if contact else "",
            "role": contact.role if contact else "",
        },
        "customer": {"id": view.customer, "name": customer.name if customer else ""},
        "agreement": told["agreement"] | {"kind": agreement.document.kind if agreement else ""},
    }


def is_possible(rule: str | None, facts: Facts, definition: Definition, **event: str) -> bool:
    """Whether a rule lets it be asked now, as `event` says; so too where that cannot be told."""
    if rule is None or _THE_TIME.search(rule) or members_asked(rule) & _untold(facts):
        return True
    return definition.holds(rule, {**facts, "event": event})


def _untold(facts: Facts) -> frozenset[str]:
    stranger = is_stranger(facts["contact"]["id"])
    return UNTOLD | ({"contact.language"} if stranger else frozenset())


def _roles(principal: Principal, reference: Reference) -> list[str]:
    if principal.kind != "contact":
        return list(principal.roles)
    known = reference.contact(principal.tenant, principal.id)
    return [known.role] if known else []
