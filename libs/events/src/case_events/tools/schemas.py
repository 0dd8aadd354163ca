"""The contracts as JSON Schema and as text, for the documents that are made from them."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import Struct

from case_events.contracts import Contract, Event, every_contract
from case_events.envelope import StoredRecord

Schema = dict[str, Any]


def published_contracts() -> Iterator[Contract]:
    """Return the contracts that are on a topic, in the order of registration."""
    return (contract for contract in every_contract() if contract.topics)


def contracts_on(topic: str) -> list[Contract]:
    """Return the contracts of the events on a topic."""
    return [contract for contract in published_contracts() if topic in contract.topics]


def describe(struct: type[Struct]) -> str:
    """Return the description of a value, from the docstrings of its class and its base classes."""
    texts = [
        cleandoc(base.__doc__)
        for base in struct.__mro__
        if issubclass(base, Struct) and base not in (Struct, Event) and base.__doc__
    ]
    return "\n\n".join(texts)


def schema_of(struct: type[Struct], title: str, name: str) -> Schema:
    """Return the JSON Schema of a value, with `title` as its title and `name` as the name of its
    definition."""
    schema = msgspec.json.schema(struct)
    parts = schema["$defs"]
    parts[name] = parts.pop(schema["$ref"].rpartition("/")[2]) | {"title": name}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$ref": f"#/$defs/{name}",
        "$defs": tidied(parts),
    }


def tidied(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """Return the same definitions in order of name, with unindented descriptions."""
    return {
        name: part
        | ({"description": cleandoc(part["description"])} if "description" in part else {})
        for name, part in sorted(definitions.items())
    }


def every_schema() -> dict[str, Schema]:
    """Return all schemas by name: `record`, and the data of each contract under its type name."""
    events = {c.ce_type: schema_of(c.event, c.ce_type, c.label) for c in published_contracts()}
    return {"record": schema_of(StoredRecord, "record", "Record"), **events}
