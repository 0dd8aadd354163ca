"""The AsyncAPI document of every topic and event, made of the contracts."""

from collections.abc import Iterator
from typing import Any

import msgspec

from case_events.contracts.base import Contract, Event
from case_events.contracts.catalogue import INTEGRATION, SERVICES, TOPICS, Kept, Topic
from case_events.envelope import StoredRecord
from case_events.tools.schemas import contracts_on, describe, published_contracts, tidied

Document = dict[str, Any]

_HEADERS = {
    "ce_specversion": "Always 1.0.",
    "ce_id": "The id of the record (UUIDv7).",
    "ce_type": "The type name, with the version of its schema.",
    "ce_source": "The log that wrote it: service and lane.",
    "ce_time": "When the platform wrote it (UTC).",
    "ce_tenant": "Whose it is.",
    "ce_sequence": "Its place in the log of its source, without gaps.",
    "ce_correlation": "The id of the record that began it all.",
    "content-type": "Always application/json.",
    "ce_case": "The case, where it belongs to one.",
    "ce_causation": "The id of the record that caused it, where one did.",
    "ce_version": "Its place in the history of the case, from 1; on `cases` alone.",
    "ce_purpose": "`informs`, where a reader that does not know the event may pass it by.",
    "ce_needs": "Fields, with commas between: a reader that does not know one of them waits.",
    "ce_mac": "The signature of the service in ce_source: id of the key, full stop, MAC in hex.",
    "traceparent": "The W3C trace that it is part of.",
}
_OPTIONAL_HEADERS = {
    "ce_case",
    "ce_causation",
    "ce_version",
    "ce_purpose",
    "ce_needs",
    "traceparent",
}


def asyncapi() -> Document:
    """The document, in AsyncAPI 3.0."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Casefold",
            "version": "1",
            "description": "Every topic and event of the platform. Records are CloudEvents in"
            " Kafka's binary mode: attributes in headers, JSON in the value.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": dict(operation for topic in TOPICS for operation in _operations(topic)),
        "components": {
            "messages": {contract.label: _message(contract) for contract in published_contracts()},
            "schemas": {"Headers": _headers(), **_schemas()},
        },
    }


def _channel(topic: Topic) -> Document:
    return {
        "address": topic.name,
        "title": topic.name,
        "description": f"{topic.about} Keyed by {topic.key}.",
        "messages": {
            contract.label: {"$ref": f"#/components/messages/{contract.label}"}
            for contract in contracts_on(topic.name)
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "topicConfiguration": _retention(topic.kept),
                "bindingVersion": "0.5.0",
            }
        },
    }


def _retention(kept: Kept) -> Document:
    if kept.compacted:
        return {"cleanup.policy": ["compact"]}
    milliseconds = -1 if kept.age is None else int(kept.age.total_seconds() * 1000)
    return {"cleanup.policy": ["delete"], "retention.ms": milliseconds}


def _operations(topic: Topic) -> Iterator[tuple[str, Document]]:
    """Who does what at a topic: an operation for each writer and each reader."""
    writing = [(who, "send", "writes") for who in topic.written_by]
    reading = [(who, "receive", "reads") for who in topic.read_by]
    for who, action, does in writing + reading:
        yield (
            f"{'-'.join(who.split())}-{does}-{topic.name}",
            {
                "action": action,
                "channel": {"$ref": f"#/channels/{topic.name}"},
                "summary": f"{_named(who)} {does} {topic.name}.",
            },
        )


def _named(name: str) -> str:
    if name == INTEGRATION:
        return "Each service of others that has a key"
    return f"The service {name}" if name in SERVICES else f"The command `{name}`"


def _message(contract: Contract) -> Document:
    keys = sorted({topic.key for topic in TOPICS if topic.name in contract.topics})
    return {
        "name": contract.ce_type,
        "title": contract.label,
        "description": describe(contract.event),
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Record"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": contract.ce_type},
                        "data": {"$ref": f"#/components/schemas/{contract.label}"},
                    },
                },
            ]
        },
        "correlationId": {"location": "$message.header#/ce_correlation"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": " or ".join(keys)},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _headers() -> Document:
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": meaning} for name, meaning in _HEADERS.items()
        },
        "required": [name for name in _HEADERS if name not in _OPTIONAL_HEADERS],
    }


def _schemas() -> Document:
    """Every schema once, however many events use it; that of an event under its label,
    that of what stands around it as Record."""
    contracts = list(published_contracts())
    structs: list[type[Event] | type[StoredRecord]] = [StoredRecord, *(c.event for c in contracts)]
    places, components = msgspec.json.schema_components(
        structs, ref_template="#/components/schemas/{name}"
    )
    names = ["Record", *(contract.label for contract in contracts)]
    for name, place in zip(names, places, strict=True):
        part = components.pop(place["$ref"].rpartition("/")[2])
        components[name] = part | {"title": name}
    return tidied(components)
