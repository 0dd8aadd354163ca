"""Generators of every command and report about a case, made from the contracts themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import msgspec
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.schema.definition import CaseField
from case_definition.schema.releases import coming
from case_events.contracts import every_contract
from case_events.contracts.base import Event
from case_workflow.application.react import SERVICE
from case_workflow.domain.case import Case
from msgspec import inspect

TEXTS = ("", "Once more.", "Één vraag. 🙂", "As we said.", "<b>Why?</b>")

PLAIN: Mapping[type[inspect.Type], Sequence[Any]] = {
    inspect.FloatType: (0.5, 0.75),
    inspect.BoolType: (True, False),
    inspect.NoneType: (None,),
    inspect.UUIDType: (UUID(int=1), UUID(int=2)),
}
"""The possible values by type. A contract with another type reports that its type is missing."""


def everything_read() -> list[type[Event]]:
    """Every event that workflow may receive, according to the contracts."""
    read = set(SERVICE.topics)
    return [one.event for one in every_contract() if read & set(one.topics)]


def good(field: CaseField) -> str:
    """A valid value of a field."""
    wanted = {"choice": field.options[0] if field.options else "", "date": "2026-12-01"}
    return wanted.get(field.type, "1")


class EventGenerator:
    """Generates events with possible members: by their names, otherwise by their types."""

    def __init__(self, definition: Definition, reference: Reference, chance: Random) -> None:
        self._definition, self._chance = definition, chance
        self._agents = [one.id for one in reference.agents(definition.tenant)]
        self._now: datetime
        self._case = Case()

    def of(self, kind: type[Event], case: Case, now: datetime) -> Event:
        """One event of a kind, about a case in its current state."""
        self._case, self._now = case, now
        event: Event = self._struct(kind)
        return event

    def _struct(self, kind: type[Any]) -> Any:
        known = inspect.type_info(kind)
        assert isinstance(known, inspect.StructType)
        return kind(
            **{
                field.name: self._value(field.name, field.type)
                for field in known.fields
                if field.required or self._chance.random() < 0.7
            }
        )

    def _value(self, name: str, kind: inspect.Type) -> Any:
        pick = self._chance.choice
        match kind:
            case inspect.UnionType(types=types):
                return self._value(name, pick(types))
            case inspect.DictType():
                return self._mapping(name)
            case inspect.VarTupleType(item_type=item):
                if name == "comments":  # their ids are those of records
                    return ()
                return tuple(self._value(name, item) for _ in range(pick((0, 1, 2))))
            case inspect.StructType(cls=cls):
                return self._struct(cls)
            case _:
                return pick(self._plain(name, kind))

    def _plain(self, name: str, kind: inspect.Type) -> Sequence[Any]:
        """The possible values of a member without parts."""
        match kind:
            case inspect.StrType():
                return self._names(name)
            case inspect.IntType():
                own = {"rests_on": self._case.version, "seen": 0}
                return (own[name],) if name in own else (1, 2, 3)
            case inspect.LiteralType(values=values):
                return values
            case inspect.DateTimeType():
                return (self._now,)
            case _:
                return PLAIN[type(kind)]

    def _names(self, name: str) -> Sequence[str]:
        """The possible texts of a member: names of the definition, if the member has such names."""
        document = self._definition.document
        people = self._case.people
        followers = [*(f"agent/{one}" for one in self._agents), *people.watchers]
        known: Mapping[str, Sequence[str]] = {
            "case_type": list(self._definition.case_types),
            "priority": document.priorities.scale,
            "agent": ["", *self._agents],
            "target": document.metric_names,
            "status": list(self._definition.statuses),
            "definition": [self._definition.key],
            "watcher": followers,
            "watchers": followers,
            "consultation": list(people.consultations) or ["none"],
            "author": ["contact", "agent"],
            "release": self._releases(),
            "week": [""],
        }
        declared = getattr(document, f"{name}s", None)
        named = [one.name for one in declared or () if hasattr(one, "name")]
        found = list(known.get(name) or named or TEXTS)
        if name == "definition":  # a record waits until the version that it names is there
            return found
        return [*found, "nothing_like_it"] if self._chance.random() < 0.05 else found

    def _releases(self) -> list[str]:
        cycles = self._definition.document.releases
        return [one.id for one in coming(cycles, self._now, 3)] if cycles else [""]

    def _mapping(self, name: str) -> dict[str, Any]:
        if name == "fields":
            names = list(self._definition.fields)
            some = self._chance.sample(names, self._chance.randrange(min(3, len(names))))
            return {one: good(self._definition.fields[one]) for one in some}
        matrix = self._definition.document.priorities.matrix
        if name == "axes" and matrix is not None:
            return {axis: good(self._definition.fields[axis]) for axis in matrix.axes}
        return {}


def as_json(event: Event) -> str:
    """An event as text, for the reader of a failed walk."""
    return f"{type(event).__name__} {msgspec.json.encode(event).decode()[:200]}"
