"""The requester of a change to a case, and the verdict on it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_definition.rules.variables import Parties, Variables, rule_variables
from case_events.contracts.base import Event
from case_events.contracts.links import InterCaseCommand
from case_events.envelope import Actor
from case_events.kernel import replay
from msgspec import Struct

from case_workflow.domain.case import Case, fold


class Refusal(Struct, frozen=True):
    """A refused request: `code` for machines, the `field` and `rule` that failed, and a
    sentence."""

    code: str
    field: str
    rule: str
    reason: str


class Unchanged(Struct, frozen=True):
    """The request changes nothing: the case is already as the request wants it."""


class InterCaseRequest(Struct, frozen=True):
    """A command of this case to the case `of`."""

    of: UUID
    command: InterCaseCommand


UNCHANGED = Unchanged()
Verdict = list[Event] | Refusal | Unchanged | InterCaseRequest
"""The result of deciding: events, a refusal, no change, or a request to another case."""


class UncommittedEvents(Struct, frozen=True):
    """Events of a case that are decided but not stored yet, and the case after them."""

    case: Case
    events: tuple[Event, ...] = ()

    def and_then(self, events: Iterable[Event]) -> "UncommittedEvents":
        """These events and more; each event is folded once."""
        more = tuple(events)
        return UncommittedEvents(replay(fold, self.case, more), (*self.events, *more))


class Requester(Struct, frozen=True, kw_only=True, dict=True):
    """The person or machine behind a record, as the directory knows them at that time.

    `record` is the id of the request; `case` is the id of the case that it is made of.
    `another_case`: the request comes from another case.
    `participant`: the requester takes part in the case, or may act for its customer. Agents take
    part in every case that is not hidden from them.
    `hidden`: the case does not exist for the requester, whatever address they write to.
    `nominee_is_valid`: the person named in the request is active, and in the right team or
    customer. `substitute` is the agent who stands in for the named one; empty if nobody does.
    `agents` are the active agents named by the fields in the request.
    `may_follow` are the watchers from another case that this case may have.
    `language` is that of the requester, for the names of the definition.
    `look_up_parties` looks up the people around the case; few reports of machines need them.
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
    look_up_parties: Callable[[], Parties] = Parties
    now: datetime

    @cached_property
    def parties(self) -> Parties:
        """The people around the case, as rules see them."""
        return self.look_up_parties()

    @property
    def capacity(self) -> str:
        """The capacity of the requester in the definition: contact, agent or system."""
        return self.actor.kind if self.actor.kind in {"contact", "agent"} else "system"


def variables(case: Case, requester: Requester, definition: Definition, **event: Any) -> Variables:
    """The rule variables while `event` is requested or has happened."""
    return rule_variables(case, requester.parties, definition, event=event, now=requester.now)


def named(section: str, name: str, requester: Requester, definition: Definition) -> str:
    """The title of a name of the definition in the requester's language, in quotes."""
    return f'"{definition.name_of(section, name, requester.language)}"'


def conflict(case: Case, seen: int, *things: str) -> Refusal | None:
    """The refusal if one of `things` changed after version `seen`; None if none did."""
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
    """A refusal because of the requester, or of the state of the case."""
    return Refusal("not_allowed", field, rule, reason)
