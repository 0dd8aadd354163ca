"""The reference data of one replica: definitions, agreements, directory."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec
from case_events.contracts.cases import AgreementApplied
from case_events.contracts.migration import MigrateCase
from case_events.contracts.reference import AgreementPublished, DefinitionPublished, EntryChanged
from case_events.envelope import Record

from case_definition.lookup.definition import Definition, compile_definition
from case_definition.schema.agreements import Agreement, compile_agreement
from case_definition.schema.directory import (
    Agent,
    Article,
    Auditor,
    Contact,
    Customer,
    DirectoryTeam,
    Entry,
    entry_kind,
)

E = TypeVar("E", Customer, Contact, Agent, Auditor, DirectoryTeam)


class Reference:
    """Everything that was published, by tenant; every version of definitions and agreements."""

    def __init__(self) -> None:
        self._definitions: dict[str, Definition] = {}
        self._newest: dict[str, Definition] = {}
        self._agreements: dict[str, Agreement] = {}
        self._agreement_of: dict[tuple[str, str], Agreement] = {}
        self._entries: dict[tuple[str, str, str], Entry] = {}
        self._contacts_at: dict[tuple[str, str], str] = {}
        self._contacts_of: dict[tuple[str, str], dict[str, Contact]] = {}
        self._agents_at: dict[tuple[str, str], str] = {}
        self._tenant_receiving: dict[str, str] = {}

    def apply(self, record: Record) -> None:
        """Store one record of a reference topic."""
        match record.data:
            case DefinitionPublished(document=document):
                self.add_definition(compile_definition(document))
            case AgreementPublished(document=document):
                self.add_agreement(compile_agreement(document))
            case EntryChanged(document=document):
                entry = msgspec.convert(document, Entry)
                if isinstance(entry, Article):
                    self.upsert_article(entry, record)
                else:
                    self._upsert_entry(entry)
            case _:
                raise ValueError(f"{record.type} is no reference data")

    def knows(self, record: Record) -> bool:
        """Whether the versions of definition and agreement that the record names have arrived."""
        if isinstance(record.data, AgreementApplied) and record.data.agreement:
            return record.data.agreement in self._agreements
        if isinstance(record.data, MigrateCase) and record.data.definition not in self._definitions:
            return False
        return not record.definition or record.definition in self._definitions

    def definition(self, key: str) -> Definition:
        """The definition `tenant/version`. Raises KeyError if it has not arrived."""
        return self._definitions[key]

    def __contains__(self, key: str) -> bool:
        """Whether the definition `tenant/version` has arrived."""
        return key in self._definitions

    def newest(self, tenant: str) -> Definition | None:
        """The tenant's definition of the highest version."""
        return self._newest.get(tenant)

    def agreement(self, key: str) -> Agreement:
        """The agreement `tenant/id/version`. Raises KeyError if it has not arrived."""
        return self._agreements[key]

    def terms_of(self, tenant: str) -> tuple[list[Definition], list[Agreement]]:
        """Every version of the tenant's definition and agreements, in the order of arrival."""
        return (
            [known for known in self._definitions.values() if known.tenant == tenant],
            [known for known in self._agreements.values() if known.document.tenant == tenant],
        )

    def agreement_of(self, tenant: str, customer: str) -> Agreement | None:
        """The current agreement of a customer; None without one (best effort)."""
        return self._agreement_of.get((tenant, customer))

    def agreements_of(self, tenant: str) -> list[Agreement]:
        """The current agreement of each customer with one, by customer."""
        return [
            agreement
            for (owner, _), agreement in sorted(self._agreement_of.items(), key=lambda one: one[0])
            if owner == tenant
        ]

    def customer(self, tenant: str, customer: str) -> Customer | None:
        """A customer of the tenant."""
        found = self._entries.get((tenant, "customer", customer))
        return found if isinstance(found, Customer) else None

    def contact(self, tenant: str, contact: str) -> Contact | None:
        """A contact at one of the tenant's customers."""
        found = self._entries.get((tenant, "contact", contact))
        return found if isinstance(found, Contact) else None

    def agent(self, tenant: str, agent: str) -> Agent | None:
        """An agent of the tenant."""
        found = self._entries.get((tenant, "agent", agent))
        return found if isinstance(found, Agent) else None

    def auditor(self, tenant: str, auditor: str) -> Auditor | None:
        """An auditor of the tenant."""
        return self._entry(Auditor, "auditor", tenant, auditor)

    def team(self, tenant: str, team: str) -> DirectoryTeam | None:
        """A team of the tenant."""
        return self._entry(DirectoryTeam, "team", tenant, team)

    def contact_by_address(self, tenant: str, address: str) -> Contact | None:
        """The contact with this mail address, in any capitalisation."""
        return self.contact(tenant, self._contacts_at.get((tenant, address.casefold()), ""))

    def agent_by_address(self, tenant: str, address: str) -> Agent | None:
        """The agent with this mail address, in any capitalisation."""
        return self.agent(tenant, self._agents_at.get((tenant, address.casefold()), ""))

    def contacts_of(self, tenant: str, customer: str) -> list[Contact]:
        """All contacts at a customer, by name."""
        found = self._contacts_of.get((tenant, customer), {}).values()
        return sorted(found, key=lambda contact: (contact.name, contact.id))

    def agents(self, tenant: str) -> list[Agent]:
        """All agents of the tenant, by id."""
        return sorted(self._all(Agent, tenant), key=lambda agent: agent.id)

    def tenants(self) -> list[str]:
        """Every tenant that has a definition."""
        return sorted(self._newest)

    def tenant_receiving(self, address: str) -> str | None:
        """The tenant that receives mail at this address (without its plus part)."""
        return self._tenant_receiving.get(address.casefold())

    def add_definition(self, definition: Definition) -> None:
        """Store a definition."""
        self._definitions[definition.key] = definition
        newest = self._newest.get(definition.tenant)
        if newest is None or newest.version <= definition.version:
            self._newest[definition.tenant] = definition
            for address in definition.document.mail.receives:
                self._tenant_receiving[address.casefold()] = definition.tenant

    def add_agreement(self, agreement: Agreement) -> None:
        """Store an agreement."""
        terms = agreement.document
        self._agreements[agreement.key] = agreement
        now = self._agreement_of.get((terms.tenant, terms.customer))
        if now is None or now.document.id != terms.id or now.document.version <= terms.version:
            self._agreement_of[terms.tenant, terms.customer] = agreement

    def upsert_article(self, article: Article, record: Record) -> None:
        """Handle an article. This class discards it: articles are many and long, and no decision
        rests on them. A service that searches them overrides this."""

    def _upsert_entry(self, entry: Entry) -> None:
        before = self._entries.get((entry.tenant, entry_kind(entry), entry.id))
        self._entries[entry.tenant, entry_kind(entry), entry.id] = entry
        if isinstance(before, Contact):
            self._contacts_of[before.tenant, before.customer].pop(before.id)
        if isinstance(entry, Contact):
            self._contacts_of.setdefault((entry.tenant, entry.customer), {})[entry.id] = entry
            self._contacts_at[entry.tenant, entry.email.casefold()] = entry.id
        elif isinstance(entry, Agent):
            self._agents_at[entry.tenant, entry.email.casefold()] = entry.id

    def _entry(self, kind: type[E], name: str, tenant: str, key: str) -> E | None:
        found = self._entries.get((tenant, name, key))
        return found if isinstance(found, kind) else None

    def _all(self, kind: type[E], tenant: str) -> Iterator[E]:
        for (owner, _, _), entry in self._entries.items():
            if owner == tenant and isinstance(entry, kind):
                yield entry
