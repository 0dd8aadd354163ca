"""Whether the rules of a definition allow a person an action on a case as it was read.

Workflow decides about every action that is offered here. If a rule reads the time, its action is
offered, and may be refused later.
"""

import re

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.variables import NO_EVENT, Variables, parties_of, rule_variables
from case_events.envelope import SYSTEM, Actor

from case_portal.core.principal import Principal
from case_portal.read_model.view import CaseView

_THE_TIME = re.compile(r"\bnow\b")


def variables_of(
    view: CaseView, reference: Reference, principal: Principal | None = None
) -> Variables:
    """The variables of rules about a case for an action of this principal; without the time."""
    actor = Actor(kind=principal.kind, id=principal.id) if principal else SYSTEM
    parties = parties_of(view, actor, view.tenant, reference)
    definition = reference.definition(view.definition)
    return rule_variables(view, parties, definition, event=NO_EVENT)


def is_possible(
    rule: str | None, variables: Variables, definition: Definition, **event: str
) -> bool:
    """Whether a rule allows an action now, described by `event`. A rule that reads the time counts
    as allowing it."""
    if rule is None or _THE_TIME.search(rule):
        return True
    return definition.holds(rule, {**variables, "event": event})
