"""Rules in CEL: compiled once, limited in what they may read and how much they may compute."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from case_definition.cel.expressions import Program, compile_program
from case_definition.vocabulary import RULE_VARIABLES

Variables = Mapping[str, Any]
"""The variables of a rule: `case`, `event`, `actor`, …, each a mapping; `now`."""

MAX_LOOPS = 2
"""Nested loops multiply; two over short lists take microseconds."""

_LOOPS = re.compile(r"\.\s*(?:all|exists|exists_one|existsOne|map|filter)\s*\(")
_STRINGS = re.compile(r"""r?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_MEMBER = re.compile(r"(?<![\w.])([a-z]\w*)\s*\.\s*(\w+)(?:\s*\.\s*(\w+))?(?!\s*\()")
_CALLS = {
    *("contains", "endsWith", "matches", "size", "startsWith"),
    *("double", "duration", "has", "int", "string", "timestamp"),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RuleFailed(Exception):
    """A rule did not give a yes or no, or a number if one is required. A checked definition never
    raises it."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A compiled condition."""

    source: str
    program: Program
    asked: Variables
    """The variables that it reads, each with its value if nothing is known."""

    def holds(self, variables: Variables) -> bool:
        """Whether the rule holds. A variable that is missing, or None, is empty, zero or false."""
        answer = self._answer(variables)
        if not isinstance(answer, bool):
            raise RuleFailed(f"{self.source}: answers {answer!r}, not yes or no")
        return answer

    def number(self, variables: Variables) -> float:
        """The number that the expression gives."""
        answer = self._answer(variables)
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            raise RuleFailed(f"{self.source}: answers {answer!r}, no number")
        return float(answer)

    def _answer(self, variables: Variables) -> Any:
        try:
            return self.program.execute(_complete(self.asked, variables))
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as failure:
            raise RuleFailed(f"{self.source}: {failure}") from failure


def rule_defaults(fields: Mapping[str, Any]) -> Variables:
    """All variables of rules, each with its value if nothing is known; `fields` by name."""
    return {
        **RULE_VARIABLES,
        "case": {**RULE_VARIABLES["case"], "fields": dict(fields)},
        "now": _EPOCH,
    }


def compile_rule(source: str, known: Variables) -> CompiledRule:
    """Compile a rule. Raises ValueError with a sentence for its author."""
    program = compile_program(source)
    # Passing a variable costs more than reading it, so only those in the rule are passed.
    return CompiledRule(source, program, {n: known[n] for n in program.variables() if n in known})


def rule_problem(source: str, known: Variables) -> str | None:
    """The problem with a rule, as a sentence for its author; None for a valid rule."""
    return _problem(source, known, CompiledRule.holds, "yes or no")


def number_problem(source: str, known: Variables) -> str | None:
    """The same for an expression that gives a number."""
    return _problem(source, known, CompiledRule.number, "number")


def members_asked(source: str) -> frozenset[str]:
    """The members that a rule reads, such as `customer.id`."""
    found = _MEMBER.findall(_bare(source))
    return frozenset(f"{variable}.{member}" for variable, member, _ in found)


def _problem(
    source: str, known: Variables, ask: Callable[[CompiledRule, Variables], object], wanted: str
) -> str | None:
    try:
        rule = compile_rule(source, known)
    except ValueError as failure:
        return f"this is no CEL rule: {str(failure).splitlines()[0]}"
    problem = _beyond_limits(rule) or _unknown_member(source, known)
    if problem is None:
        try:
            ask(rule, known)
        except RuleFailed as failure:
            return f"this rule gives no {wanted}: {failure}"
    return problem


def _beyond_limits(rule: CompiledRule) -> str | None:
    bare = _bare(rule.source)
    if not rule.program.variables():
        return "this rule asks nothing, so it is always the same; leave it out or ask something"
    if len(_LOOPS.findall(bare)) > MAX_LOOPS:
        return f"a rule may loop {MAX_LOOPS} times at most; split it or ask something simpler"
    strange = [
        name for name in rule.program.functions() if name[0].isalpha() and name not in _CALLS
    ]
    if strange:
        return f"unknown function `{strange[0]}`; a rule may use {', '.join(sorted(_CALLS))}"
    return None


def _bare(source: str) -> str:
    """A rule without the content of its strings and comments."""
    return re.sub(r"//[^\n]*", " ", _STRINGS.sub("''", source))


def _unknown_member(source: str, known: Variables) -> str | None:
    bare = _bare(source)
    bound = set(re.findall(r"\(\s*(\w+)\s*,", bare))
    for name in compile_program(source).variables():
        if name not in known and name not in bound:
            return f"unknown variable `{name}`; a rule may ask {', '.join(sorted(known))}"
    for variable, member, field in _MEMBER.findall(bare):
        members = known.get(variable)
        if not isinstance(members, Mapping):
            continue
        if member not in members:
            return f"`{variable}` has no `{member}`; it has {', '.join(sorted(members))}"
        if member == "fields" and field and field not in members["fields"]:
            return f"unknown field `{field}`; declare it under `fields` or correct its name"
    return None


def _complete(asked: Variables, variables: Variables) -> dict[str, Any]:
    complete: dict[str, Any] = {}
    for name, unknown in asked.items():
        value = variables.get(name) or unknown
        complete[name] = _known_over(unknown, value) if isinstance(unknown, Mapping) else value
    fields = asked.get("case", {}).get("fields")
    if fields is not None:
        filled = _known_over(fields, complete["case"]["fields"])
        complete["case"]["fields"] = {
            name: cast_as(fields[name], value)
            if isinstance(value, str) and not isinstance(fields.get(name, ""), str)
            else value
            for name, value in filled.items()
        }
    return complete


def cast_as(unknown: Any, value: Any) -> Any:
    """A field from the history, a text, as a value of the type of its empty value."""
    if not isinstance(value, str) or isinstance(unknown, str):
        return value
    if isinstance(unknown, bool):
        return value == "true"
    if isinstance(unknown, int):
        try:
            number = float(value)
        except ValueError:
            return unknown
        return int(number) if number.is_integer() else number
    return [part for part in value.split(", ") if part] if isinstance(unknown, list) else value


def _known_over(unknown: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {**unknown, **{name: value for name, value in values.items() if value is not None}}
