"""The places of rules, and the variables without a value in each. The check refuses those with a
reason."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from case_definition.cel.rules import (
    Variables,
    compile_rule,
    members_asked,
    number_problem,
    rule_problem,
)
from case_definition.source.yaml import DocPath
from case_definition.vocabulary import RULE_VARIABLES

_NO_CASE: Final = "there is no case yet"
_NO_TYPE: Final = "the type may not have been chosen yet; write `case_types` instead"
_NO_EVENT: Final = "it is asked about no event"
_UNSEEN: Final = "clocks are not counted anew when it changes"
_EVERYBODY: Final = "a ranking is the same for everybody, whenever they look"
_RATES: Final = "how work counts is shown before anybody books it"


def _case(reason: str, members: Iterable[str]) -> Mapping[str, str]:
    return {f"case.{member}": reason for member in members}


_OF_CLOCKS: Final = {
    **_case(_UNSEEN, ("status", "team", "agent", "title", "phase", "release", "weight")),
    **_case(_UNSEEN, ("work_minutes", "approved_minutes", "left_minutes")),
    "contact": _UNSEEN,
    "customer.name": _UNSEEN,
    "actor": _NO_EVENT,
    "event": _NO_EVENT,
    "now": _UNSEEN,
}
_BEFORE_A_CASE: Final = {
    **_case(_NO_CASE, (one for one in RULE_VARIABLES["case"] if one not in ("type", "channel"))),
    "event": _NO_EVENT,
}

REFUSED: Mapping[str, Mapping[str, str]] = {
    "channels": {"case.type": _NO_TYPE, **_BEFORE_A_CASE},
    "case_types": _BEFORE_A_CASE,
    "targets": _OF_CLOCKS,
    "timers": _OF_CLOCKS,
    "agreements": _OF_CLOCKS,
    "rankings": {"actor": _EVERYBODY, "event": _NO_EVENT, "now": _EVERYBODY},
    "work.billing": {"actor": _RATES, "event.minutes": _RATES},
}
"""The members or whole variables that no rule may read in a place, with the reasons; `agreements`
are the targets of agreements. In every other place a rule may read everything; a value that a case
does not have yet is empty."""


def place_of(path: DocPath) -> str:
    """The place of a rule at a path of the definition, as `REFUSED` names it."""
    section = str(path[0])
    return f"{section}.{path[1]}" if section == "work" else section


def place_problem(rule: str, place: str, known: Variables, *, number: bool = False) -> str | None:
    """The problem with a rule (or an expression that gives a number) in its place, as a sentence
    for its author; None if there is none."""
    problem_of = number_problem if number else rule_problem
    problem = problem_of(rule, known)
    if problem is not None:
        return problem
    refused = REFUSED.get(place, {})
    asked = members_asked(rule) | set(compile_rule(rule, known).program.variables())
    for member, reason in refused.items():
        if member in asked:
            return f"`{member}` cannot be asked here: {reason}"
    return problem_of(rule, _without(known, refused))


def _without(known: Variables, refused: Mapping[str, str]) -> Variables:
    """The known variables without the refused ones, so that a rule finds nothing, in whatever form
    it reads them."""
    left: dict[str, Any] = {}
    for name, value in known.items():
        if name not in refused:
            left[name] = (
                {key: one for key, one in value.items() if f"{name}.{key}" not in refused}
                if isinstance(value, Mapping)
                else value
            )
    return left
