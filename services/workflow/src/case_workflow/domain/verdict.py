"""Who asks something of a case, and how the answer can be no."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_definition.rules.variables import Parties, Variables, rule_variables
from case_events.contracts.base import Event
from case_events.contracts.links import BetweenCases
from case_events.envelope import Actor
from case_events.kernel import replay
from msgspec import Struct

from case_workflow.domain.case import Case, fold


class Refusal(Struct, frozen=True):
    """No, and why: `code` for machines, `field` and `rule` what was wrong, `reason` a sentence."""

    code: str
    field: str
    rule: str
    reason: str


class Unchanged(Struct, frozen=True):
    """It already is as it was asked to be."""


class InterCaseRequest(Struct, frozen=True):
    """Something that this case asks of another."""

    of: UUID
    command: BetweenCases


UNCHANGED = Unchanged()
Verdict = list[Event] | Refusal | Unchanged | InterCaseRequest
"""What somebody's asking leads to: facts, no, nothing new, or a question to another case."""


class UncommittedEvents(Struct, frozen=True):
    """Events of a case that are not on record yet, and the case after them."""

    case: Case
    events: tuple[Event, ...] = ()

    def and_then(self, events: Iterable[Event]) -> "UncommittedEvents":
        """The same with further events, each folded once."""
        more = tuple(events)
        return UncommittedEvents(replay(fold, self.case, more), (*self.events, *more))


class Requester(Struct, frozen=True, kw_only=True):
    """Somebody, as the directory knows them when they ask. `record` is the id of what they ask,
    `case` that of the case that they ask it of.

    `participant`: they take part in the case or may act for its customer; agents do in all
    that are not hidden from them.
    `another_case`: another case passes on what they asked there.
    `nominee_is_valid`: whoever they name is active, and of the team or customer that it takes.
    `substitute`: who stands in for the agent that they name, where that one is away.
    `hidden`: for them the case does not exist, whatever address they write to.
    `agents`: the active agents whom the fields that they fill in name.
    `language` is that in which they read the names of the definition.
    `may_follow`: of the watchers that another case brings, those whom this one may have.
    `parties` are those around the case, as rules ask about them.
    """

    actor: Actor
    record: str
    case: UUID | None = None
    another_case: bool = False
    roles: tuple[str, ...] = ()
    participant: bool = False
    hidden: bool = False
    nominee_is_valid: bool = True
    substitute: str = ""
    agents: frozenset[str] = frozenset()
    may_follow: tuple[str, ...] = ()
    language: str = ""
    parties: Parties = Parties()
    now: datetime

    @property
    def capacity(self) -> str:
        """In which capacity the definition knows them: contact, agent or system."""
        return self.actor.kind if self.actor.kind in {"contact", "agent"} else "system"


def variables(case: Case, requester: Requester, definition: Definition, **event: Any) -> Variables:
    """What the rules of the definition may ask, where `event` is asked or has happened."""
    return rule_variables(case, requester.parties, definition, event=event, now=requester.now)


def named(section: str, name: str, requester: Requester, definition: Definition) -> str:
    """A name of the definition as whoever asks reads it, to stand in a sentence."""
    return f'"{definition.name_of(section, name, requester.language)}"'


def conflict(case: Case, seen: int, *things: str) -> Refusal | None:
    """Whether somebody else changed one of these after the version that the asker saw."""
    if not seen:
        return None
    for thing in things:
        if case.modified_at.get(thing, 0) > seen:
            return Refusal(
                "conflict",
                thing,
                "unchanged_since_seen",
                f"The {thing} was changed by somebody else in the meantime: look again.",
            )
    return None


def not_allowed(rule: str, reason: str, field: str = "transition") -> Refusal:
    """A refusal because of who asks or what state the case is in."""
    return Refusal("not_allowed", field, rule, reason)
