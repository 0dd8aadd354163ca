"""Who there is: the records of the `directory` topic, each the state after its last change."""

from typing import Annotated, Literal

import msgspec

from case_definition.vocabulary import ContactRole

EntryId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
"""Letters, digits, _ and -; part of a key, so never changed."""

Address = Annotated[str, msgspec.Meta(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What all records have. `id` is stable and unique among the tenant's records of its kind."""

    tenant: str
    id: EntryId
    name: Annotated[str, msgspec.Meta(min_length=1)]
    active: bool = True


class Customer(Record, frozen=True, kw_only=True, tag="customer"):
    """An organisation that the tenant serves."""


class Contact(Record, frozen=True, kw_only=True, tag="contact"):
    """A person at a customer."""

    customer: EntryId
    email: Address
    language: str
    role: ContactRole = "normal"


class Agent(Record, frozen=True, kw_only=True, tag="agent"):
    """A person at the tenant. Teams, and roles beside the platform's, are the definition's."""

    email: Address
    language: str
    teams: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("agent",)


class Auditor(Record, frozen=True, kw_only=True, tag="auditor"):
    """Somebody who reads all of a tenant and writes nothing."""

    email: Address
    language: str


class DirectoryTeam(Record, frozen=True, kw_only=True, tag="team"):
    """Agents who share work."""

    line: Literal[1, 2, 3]
    email: Address
    language: str


Entry = Customer | Contact | Agent | Auditor | DirectoryTeam

_decoder: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Entry)


def entry_kind(entry: Entry) -> str:
    """`customer`, `contact`, `agent`, `auditor` or `team`."""
    return str(entry.__struct_config__.tag)


def entry_key(entry: Entry) -> str:
    """tenant/kind/id, its key on the `directory` topic."""
    return f"{entry.tenant}/{entry_kind(entry)}/{entry.id}"


def entry_to_json(entry: Entry) -> bytes:
    """An entry as it travels."""
    return msgspec.json.encode(entry)


def entry_from_json(data: bytes) -> Entry:
    """The entry that travelled. Raises `msgspec.ValidationError` when it is none."""
    return _decoder.decode(data)
