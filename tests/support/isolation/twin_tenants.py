"""One tenant twice: the same people, addresses, customers and process, under two names."""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from case_definition.publishing.loading import TenantDocuments, load_tenant
from case_definition.schema.directory import Agent, Auditor, Contact, Customer, Entry
from msgspec import Struct
from msgspec.structs import replace

from tests.support.isolation.secrets import Secret, new_word

ABOUT = "complained_about"
"""The field that names the agent from whom a case is hidden."""


class Twin(Struct, frozen=True):
    """One of the two tenants: its documents, its mail addresses, and its own secrets."""

    documents: TenantDocuments
    mailbox: str
    secrets: tuple[Secret, ...]

    @property
    def tenant(self) -> str:
        return str(self.documents.definition["tenant"])

    def of_kind(self, kind: type[Any]) -> list[Any]:
        """The people, or customers, of one kind."""
        return [entry for entry in self.documents.directory if isinstance(entry, kind)]


def twins(folder: Path, chance: Random) -> tuple[Twin, Twin]:
    """The tenant of a folder, and a second one that differs only in its secrets.

    All contacts have one name, and so do all customers. Agents have a name that nobody can guess,
    and one customer of each tenant an id that nobody can guess. The second tenant also accepts
    unregistered contacts.
    """
    documents = load_tenant(folder)
    own, other = (
        _twin(documents, tenant, chance)
        for tenant in (str(documents.definition["tenant"]), "elsewhere")
    )
    for channel in other.documents.definition["channels"]:
        if channel["name"] == "mail":
            channel["unregistered_contacts"] = "accepted"
    return own, other


def _twin(documents: TenantDocuments, tenant: str, chance: Random) -> Twin:
    brand, agents, customer = (new_word(chance) for _ in range(3))
    definition = copy.deepcopy(dict(documents.definition))
    mailbox = f"desk@{tenant}.example"
    mail: Mapping[str, Any] = definition["mail"]
    definition |= {
        "tenant": tenant,
        "name": f"Desk {brand}",
        "mail": dict(mail)
        | {"receives": [mailbox], "sender": dict(mail["sender"]) | {"address": mailbox}},
    }
    _hide(definition)
    return Twin(
        TenantDocuments(
            definition=definition,
            agreements=tuple(_agreements(documents, tenant, customer)),
            directory=tuple(_people(documents.directory, tenant, agents, customer)),
        ),
        mailbox,
        (
            Secret(brand, tenant),
            Secret(agents, tenant),
            Secret(customer, tenant, customer=customer),
        ),
    )


def _hide(definition: dict[str, Any]) -> None:
    """Let a field of the definition hide cases from an agent."""
    field = {"name": ABOUT, "type": "agent", "visible_to": ["agent"], "editable_by": ["agent"]}
    definition["fields"].append(field)
    definition["hidden_from"] = [ABOUT]
    for kind in definition["case_types"]:
        kind["fields"].append({"field": ABOUT})
    for texts in definition["texts"].values():
        texts[f"fields.{ABOUT}.name"] = "About"


def _agreements(documents: TenantDocuments, tenant: str, own: str) -> Iterator[Mapping[str, Any]]:
    """The same agreements, and for the tenant's own customer the promise to another one."""
    yield from (dict(one) | {"tenant": tenant} for one in documents.agreements)
    promised = next((one for one in documents.agreements if one.get("targets")), None)
    if promised is not None:
        yield dict(promised) | {"tenant": tenant, "id": "own", "customer": own}


def _people(directory: tuple[Entry, ...], tenant: str, agents: str, own: str) -> Iterator[Entry]:
    known: Contact | None = None
    for entry in directory:
        match entry:
            case Customer():
                yield replace(entry, tenant=tenant, name="The Same Company")
            case Contact():
                known = entry
                yield replace(entry, tenant=tenant, name="Sam Same")
            case Agent() | Auditor():
                yield replace(entry, tenant=tenant, name=f"Alex {agents}")
            case _:
                yield replace(entry, tenant=tenant)
    assert known is not None
    yield Customer(tenant=tenant, id=own, name="The Same Company")
    yield replace(known, tenant=tenant, id="own", customer=own, name="Sam Same",
                  email="sam@own.example", role="super_user")  # fmt: skip
