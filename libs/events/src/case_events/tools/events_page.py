"""The page of all topics and events, made from the contracts."""

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Struct

from case_events.contracts.base import Contract
from case_events.contracts.catalogue import TOPICS, Retention, Topic
from case_events.contracts.declared import Requesters
from case_events.contracts.links import NewPart
from case_events.contracts.parts import (
    Attachment,
    BounceContent,
    CopiedComment,
    DecisionContent,
    InputFault,
    OriginCase,
    Person,
    RequestSource,
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

`casefold contracts page` makes this page from the contracts in
`libs/events/src/case_events/contracts/`; do not edit it. For machines there are
[asyncapi.json](asyncapi.json), and the JSON Schema of each event in `libs/events/schema/`.

An event has a type name that never changes, such as `nl.casefold.case.status-changed.v1`. The
number at its end is the version of its schema. A landed schema may only gain optional fields; any
other change is a new version. Rules, notices and readers of a case name an event by its label, such
as `status_changed`. All versions of the event share the label, which never changes either.
"""

_RECORD = """\
## The record around it

The value of every record is one JSON object. It has the members of the record, and under `data` the
event. A field with its default value is omitted. The CloudEvents attributes are in the headers too
(`ce_id`, `ce_type`, `ce_source`, `ce_time`, `ce_tenant`, `ce_sequence`, `ce_correlation`, and if
they apply `ce_case`, `ce_causation`, `ce_version`, `traceparent`), so that a reader need not decode
the value. A consumer recognises duplicates by `ce_source` and `ce_sequence`: a sequence at or below
the last one of its source was published twice.

A reader that does not know an event waits until it is upgraded, unless `ce_purpose` is `informs`:
then it skips the event. It also waits if it does not know a field that `ce_needs` names. It ignores
any other unknown field ([why](decisions/0024-two-versions-side-by-side.md)).

`ce_mac` is the signature of all of it by the service in `ce_source`
([how](decisions/0023-records-are-signed-by-their-service.md)). A record without a valid signature
of a service that writes the topic is not a record of the platform.

Personal members of an event, marked below, are **sealed**: `data` lacks them, and the field
`sealed` of the record has them encrypted. Its first part is the id of the key. Opened, it is a JSON
object of the members as they would be in `data`. Services open it as they read. A reader without
the key reads all other members, and can verify the history too
([how](decisions/0022-personal-part-is-sealed.md)). Records from before the sealing have these
members in `data`.
"""

_REQUESTERS: dict[Requesters, str] = {
    "anybody": "everybody who takes part in the case",
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
    BounceContent,
    Person,
    RequestSource,
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
    """Return the page, as Markdown."""
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
            _retention(topic.retention),
        )
        for topic in TOPICS
    ]
    head = ("topic", "content", "key", "written by", "read by", "retention")
    return "## All topics\n\n" + _table(head, rows)


def _retention(retention: Retention) -> str:
    if retention.compacted:
        return "the newest record of each key, for ever"
    return "for ever" if retention.age is None else f"{retention.age.days} days"


def _section(topic: Topic) -> list[str]:
    """Return a topic with its events. An event on two topics is described under the first one."""
    home = [c for c in published_contracts() if c.topics[0] == topic.name]
    taken = [c for c in published_contracts() if topic.name in c.topics[1:]]
    lines = [
        f"## {topic.name}\n",
        f"{topic.about} Keyed by {topic.key}. Written by {_listed(topic.written_by)}; read by"
        f" {_listed(topic.read_by)}. Retention: {_retention(topic.retention)}.\n",
    ]
    if taken:
        names = ", ".join(f"[{c.label}](#{c.label})" for c in taken)
        lines.append(f"Copied unchanged from other topics: {names}.\n")
    return lines + [_event(contract) for contract in home]


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
    """Yield what is declared of an event for definitions and readers, a line each."""
    if contract.triggers:
        named = (
            f"{one.name}:<{one.about}>" if one.about else one.name for one in contract.triggers
        )
        yield f"Triggers: {_quoted(named)}.\n"
    if contract.rule_members:
        yield f"Members for rules: {_quoted(f'event.{one}' for one in contract.rule_members)}.\n"
    if contract.notice is not None:
        places = _quoted(contract.notice.places)
        yield f"Notices can report it{f', with {places}' if places else ''}.\n"
    if contract.asked_by is not None:
        yield f"Sent by: {_REQUESTERS[contract.asked_by]}.\n"
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
