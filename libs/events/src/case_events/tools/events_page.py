"""The page that shows every topic and event, made of the contracts."""

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Struct

from case_events.contracts.base import Contract
from case_events.contracts.catalogue import TOPICS, Kept, Topic
from case_events.contracts.declared import Askers
from case_events.contracts.links import NewPart
from case_events.contracts.parts import (
    Attachment,
    CopiedComment,
    DecisionContent,
    InputFault,
    OriginCase,
    Person,
    SubmittedContent,
    TimeSpent,
    UnregisteredContact,
    WatcherDetails,
    WorkPart,
    WrittenContent,
)
from case_events.envelope import Actor, StoredRecord
from case_events.tools.schemas import describe, published_contracts
from case_events.wire.personal import personal_members

_INTRODUCTION = """\
# Topics and events

Made from the contracts in `libs/events/src/case_events/contracts/` by
`casefold contracts page`; do not edit it here. For machines the same is in
[asyncapi.json](asyncapi.json), and the JSON Schema of each event in `libs/events/schema/`.

An event has a type name that never changes, such as `nl.casefold.case.status-changed.v1`. The
number at its end is the version of its schema. A schema that has landed may only gain optional
fields; anything else is a new version. Rules, notices, and whoever reads a case name an event by
its label, such as `status_changed`, which all its versions share and which never changes either.
"""

_RECORD = """\
## The record around it

The value of every record is one JSON object: what the record says of itself, and under `data`
the event. A field that has its default is left out. The CloudEvents attributes are in the
headers as well (`ce_id`, `ce_type`, `ce_source`, `ce_time`, `ce_tenant`, `ce_sequence`,
`ce_correlation`, and where they apply `ce_case`, `ce_causation`, `ce_version`, `traceparent`), so
that a reader need not open the value. `ce_source` and `ce_sequence` tell a consumer what it has
had: what is at or below the last sequence of that source was published twice.

A reader that does not know an event waits until it does, unless `ce_purpose` is `informs`: then it
passes it by. It waits as well where it does not know a field that `ce_needs` names. Any other field
that it does not know it leaves out ([why](decisions/0024-two-versions-side-by-side.md)).

`ce_mac` signs all of it for the service that `ce_source` names
([how](decisions/0023-records-are-signed-by-their-service.md)). What is not signed by a service
that writes the topic is no record of the platform.

What is said of a person is **sealed**: those members of an event, marked below, are left out of
`data`, and stand encrypted in the field `sealed` of the record. Its first part is the id of the
key. Opened, it is a JSON object of the members as they would stand in `data`. Services open it as
they read; whoever has no key reads all the rest, and can prove the history as well
([how](decisions/0022-personal-part-is-sealed.md)). Records of before have these members in `data`.
"""

_ASKERS: dict[Askers, str] = {
    "anybody": "whoever takes part in the case",
    "agents": "agents",
    "cases": "another case",
}

_NAMES: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    datetime: "time (UTC)",
    UUID: "UUID",
    NoneType: "nothing",
    Any: "any JSON",
}

SHARED = (
    WrittenContent,
    DecisionContent,
    SubmittedContent,
    Person,
    UnregisteredContact,
    WatcherDetails,
    Attachment,
    InputFault,
    TimeSpent,
    OriginCase,
    CopiedComment,
    NewPart,
    WorkPart,
)


def events_page() -> str:
    """The page, in Markdown."""
    parts = [_INTRODUCTION, _topics(), _RECORD, _fields(StoredRecord), _part(Actor, 3)]
    for topic in TOPICS:
        parts += _section(topic)
    parts += ["## Shared parts\n", *(_part(part, 3) for part in SHARED)]
    return "\n".join(parts)


def _topics() -> str:
    rows = [
        (
            f"[`{topic.name}`](#{topic.name})",
            topic.about,
            topic.key,
            _listed(topic.written_by),
            _listed(topic.read_by),
            _kept(topic.kept),
        )
        for topic in TOPICS
    ]
    head = ("topic", "what is on it", "key", "written by", "read by", "kept")
    return "## All topics\n\n" + _table(head, rows)


def _kept(kept: Kept) -> str:
    if kept.compacted:
        return "the newest of each key, for ever"
    return "for ever" if kept.age is None else f"{kept.age.days} days"


def _section(topic: Topic) -> list[str]:
    """A topic with its events; an event that is on two is told where it comes from first."""
    home = [c for c in published_contracts() if c.topics[0] == topic.name]
    taken = [c for c in published_contracts() if topic.name in c.topics[1:]]
    told = [
        f"## {topic.name}\n",
        f"{topic.about} Keyed by {topic.key}. Written by {_listed(topic.written_by)}; read by"
        f" {_listed(topic.read_by)}. Kept: {_kept(topic.kept)}.\n",
    ]
    if taken:
        names = ", ".join(f"[{c.label}](#{c.label})" for c in taken)
        told.append(f"From other topics, taken over unchanged: {names}.\n")
    return told + [_event(contract) for contract in home]


def _event(contract: Contract) -> str:
    version = contract.ce_type.rpartition(".v")[2]
    carried = _listed(f"`{topic}`" for topic in contract.topics)
    informs = " · only informs" if contract.informs else ""
    return "\n".join(
        [
            f"### {contract.label}\n",
            f"`{contract.ce_type}` · version {version} · on {carried}{informs}\n",
            f"{describe(contract.event)}\n",
            *_declared(contract),
            _fields(contract.event, personal_members(contract.event)),
        ]
    )


def _declared(contract: Contract) -> Iterator[str]:
    """What definitions and readers make of it, a line each."""
    if contract.triggers:
        named = (
            f"{one.name}:<{one.about}>" if one.about else one.name for one in contract.triggers
        )
        yield f"Sets off: {_quoted(named)}.\n"
    if contract.rule_members:
        yield f"Rules ask: {_quoted(f'event.{one}' for one in contract.rule_members)}.\n"
    if contract.notice is not None:
        places = _quoted(contract.notice.places)
        yield f"A notice can tell of it{f', with {places}' if places else ''}.\n"
    if contract.asked_by is not None:
        yield f"Asked by: {_ASKERS[contract.asked_by]}.\n"
    elif contract.audience == "desk":
        yield "Contacts do not see it.\n"


def _quoted(names: Iterable[str]) -> str:
    return _listed(f"`{name}`" for name in names)


def _part(struct: type[Struct], level: int) -> str:
    head = "#" * level
    return f"{head} {struct.__name__}\n\n{describe(struct)}\n\n{_fields(struct)}"


def _fields(struct: type[Struct], sealed: Container[str] = ()) -> str:
    rows = [
        (
            f"`{field.name}`",
            _type(field.type) + (" (sealed)" if field.name in sealed else ""),
            _default(field),
        )
        for field in msgspec.structs.fields(struct)
    ]
    return _table(("field", "type", "if left out"), rows) if rows else "No fields.\n"


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "always there"
    match field.default:
        case bool() as answer:
            return "yes" if answer else "no"
        case None:
            return "nothing"
        case int() | float() as number:
            return f"{number}"
        case str() as text if text:
            return f"`{text}`"
        case _:
            return "empty"


def _type(kind: Any) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _NAMES:
        return _NAMES[kind]
    if origin is Annotated:
        return _type(inner[0])
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    if origin is dict:
        return f"{_type(inner[1])} by name"
    if origin is Literal:
        return _listed(f"`{value}`" for value in inner)
    if origin in (Union, UnionType):
        return " or ".join(_type(one) for one in inner)
    name: str = kind.__name__
    if name == "Event":
        return "the event"
    return f"[{name}](#{name.lower()})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"
