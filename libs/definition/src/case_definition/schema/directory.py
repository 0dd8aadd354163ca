"""Who there is, and what they can read: the records of the `directory` topic.

Each is the state after its last change.
"""

from typing import Annotated, Literal

import msgspec

from case_definition.vocabulary import Audience, ContactRole

EntryId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
"""Letters, digits, _ and -; part of a key, so never changed."""

Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Address = Annotated[str, msgspec.Meta(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]


class DirectoryRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What all records have. `id` is stable and unique among the tenant's records of its kind."""

    tenant: str
    id: EntryId
    name: Annotated[str, msgspec.Meta(min_length=1)]
    active: bool = True


class Customer(DirectoryRecord, frozen=True, kw_only=True, tag="customer"):
    """An organisation that the tenant serves. `account_agent` looks after it."""

    account_agent: str = ""


class Contact(DirectoryRecord, frozen=True, kw_only=True, tag="contact"):
    """A person at a customer."""

    customer: EntryId
    email: Address
    language: str
    role: ContactRole = "normal"


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days as in `{first: 2026-03-02, last: 2026-03-06}`: the last one too, in the desk's zone."""

    first: Day
    last: Day


class Agent(DirectoryRecord, frozen=True, kw_only=True, tag="agent"):
    """A person at the tenant. Teams, and roles beside the platform's, are the definition's.

    While they are `absent`, their `stand_in` gets what is assigned and written to them. Roles stay
    theirs: who stands in decides, and is told what goes to a `role`, only with that role as well.
    While they are `on_call`, they are paged where a notice goes to whoever is.
    """

    email: Address
    language: str
    teams: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("agent",)
    absent: tuple[Days, ...] = ()
    stand_in: str = ""
    on_call: tuple[Days, ...] = ()


class Auditor(DirectoryRecord, frozen=True, kw_only=True, tag="auditor"):
    """Somebody who reads all of a tenant and writes nothing."""

    email: Address
    language: str


class DirectoryTeam(DirectoryRecord, frozen=True, kw_only=True, tag="team"):
    """Agents who share work."""

    line: Literal[1, 2, 3]
    email: Address
    language: str


class ArticleWording(msgspec.Struct, frozen=True):
    """An article in one language; the body is Markdown."""

    title: str
    body: str


class Article(DirectoryRecord, frozen=True, kw_only=True, tag="article"):
    """An article of the knowledge base, in every language of its tenant.

    It may answer cases of `case_types`; of all, where none is named. What is for agents never
    reaches contacts.
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
    """tenant/kind/id, its key on the `directory` topic."""
    return f"{entry.tenant}/{entry_kind(entry)}/{entry.id}"


def entry_to_json(entry: Entry) -> bytes:
    """An entry as it travels."""
    return msgspec.json.encode(entry)


def entry_from_json(data: bytes) -> Entry:
    """The entry that travelled. Raises `msgspec.ValidationError` when it is none."""
    return _decoder.decode(data)
