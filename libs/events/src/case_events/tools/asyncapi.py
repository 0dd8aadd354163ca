"""The AsyncAPI document of all topics and events, made from the contracts."""

from collections.abc import Iterator
from typing import Any

import msgspec

from case_events.contracts.base import Contract, Event
from case_events.contracts.catalogue import INTEGRATION, SERVICES, TOPICS, Retention, Topic
from case_events.envelope import StoredRecord
from case_events.tools.schemas import contracts_on, describe, published_contracts, tidied

Document = dict[str, Any]

_HEADERS = {
    "ce_specversion": "Always 1.0.",
    "ce_id": "The id of the record (UUIDv7).",
    "ce_type": "The type name, with the version of its schema.",
    "ce_source": "The log that it comes from: service and partition.",
    "ce_time": "When the platform wrote it (UTC).",
    "ce_tenant": "The tenant.",
    "ce_sequence": "Its position in the log of its source, without gaps.",
    "ce_correlation": "The id of the first record of the chain of causes.",
    "content-type": "Always application/json.",
    "ce_case": "The id of the case, if it belongs to one.",
    "ce_causation": "The id of the record that caused it, if one did.",
    "ce_version": "Its position in the history of the case, from 1; on `cases` only.",
    "ce_purpose": "`informs`, if a reader that does not know the event may skip it.",
    "ce_needs": "Comma-separated fields: a reader that does not know one of them waits.",
    "ce_mac": "The signature by the service in ce_source: id of the key, full stop, MAC in hex.",
    "traceparent": "The W3C trace context.",
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
    """Return the document, in AsyncAPI 3.0."""
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
                "topicConfiguration": _retention(topic.retention),
                "bindingVersion": "0.5.0",
            }
        },
    }


def _retention(retention: Retention) -> Document:
    if retention.compacted:
        return {"cleanup.policy": ["compact"]}
    milliseconds = -1 if retention.age is None else int(retention.age.total_seconds() * 1000)
    return {"cleanup.policy": ["delete"], "retention.ms": milliseconds}


def _operations(topic: Topic) -> Iterator[tuple[str, Document]]:
    """Yield the operations of a topic: one for each writer and each reader."""
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
        return "Each integration that has a key"
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
    """Return every schema once. The schema of an event has the event's label as its name, and that
    of the envelope is `Record`."""
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
