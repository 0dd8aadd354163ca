"""The records of the `directory` topic: people, customers, teams and articles.

Each record is the state after its last change.
"""

from typing import Annotated, Literal

import msgspec

from case_definition.vocabulary import Audience, ContactRole

EntryId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
"""Letters, digits, _ and -. An id is part of a key, so it never changes."""

Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Address = Annotated[str, msgspec.Meta(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]


class DirectoryRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """The members of all records. `id` is stable, and unique among the tenant's records of its
    kind."""

    tenant: str
    id: EntryId
    name: Annotated[str, msgspec.Meta(min_length=1)]
    active: bool = True


class Customer(DirectoryRecord, frozen=True, kw_only=True, tag="customer"):
    """An organisation that the tenant serves. `account_agent` is the agent who looks after it."""

    account_agent: str = ""


class Contact(DirectoryRecord, frozen=True, kw_only=True, tag="contact"):
    """A person at a customer."""

    customer: EntryId
    email: Address
    language: str
    role: ContactRole = "normal"


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days as in `{first: 2026-03-02, last: 2026-03-06}`, including the last one, in the desk's
    time zone."""

    first: Day
    last: Day


class Agent(DirectoryRecord, frozen=True, kw_only=True, tag="agent"):
    """A person at the tenant. Teams, and roles in addition to the platform's, are those of the
    definition.

    While an agent is `absent`, the `stand_in` gets what is assigned and written to the agent. The
    stand-in does not get the agent's roles: they decide, and get the notices to a `role`, only if
    they have that role too. While an agent is `on_call`, notices to `on_call` page them.
    """

    email: Address
    language: str
    teams: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("agent",)
    absent: tuple[Days, ...] = ()
    stand_in: str = ""
    on_call: tuple[Days, ...] = ()


class Auditor(DirectoryRecord, frozen=True, kw_only=True, tag="auditor"):
    """A person who reads everything of a tenant and writes nothing."""

    email: Address
    language: str


class DirectoryTeam(DirectoryRecord, frozen=True, kw_only=True, tag="team"):
    """A group of agents who share work."""

    line: Literal[1, 2, 3]
    email: Address
    language: str


class ArticleWording(msgspec.Struct, frozen=True):
    """An article in one language. The body is Markdown."""

    title: str
    body: str


class Article(DirectoryRecord, frozen=True, kw_only=True, tag="article"):
    """An article of the knowledge base, in every language of its tenant.

    It may answer cases of `case_types`; default: of all types. An article for agents never reaches
    contacts.
    """

    topic: str
    case_types: tuple[str, ...] = ()
    audience: Audience = "contact"
    wordings: dict[str, ArticleWording]


Entry = Customer | Contact | Agent | Auditor | DirectoryTeam | Article

_decoder: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Entry)


def entry_kind(entry: Entry) -> str:
    """`customer`, `contact`, `agent`, `auditor`, `team` or `article`."""
    return str(entry.__struct_config__.tag)


def entry_key(entry: Entry) -> str:
    """tenant/kind/id, the key on the `directory` topic."""
    return f"{entry.tenant}/{entry_kind(entry)}/{entry.id}"


def entry_to_json(entry: Entry) -> bytes:
    """An entry as JSON."""
    return msgspec.json.encode(entry)


def entry_from_json(data: bytes) -> Entry:
    """An entry from JSON. Raises `msgspec.ValidationError` for an invalid one."""
    return _decoder.decode(data)
