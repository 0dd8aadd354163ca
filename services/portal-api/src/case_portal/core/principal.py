"""The current principal, and the part of a tenant's cases that exists for them."""

from collections.abc import Callable
from typing import Literal, TypeAlias, TypeVar

from case_definition.lookup.reference import Reference
from case_definition.schema.directory import Agent
from msgspec import Struct

T = TypeVar("T")
PersonKind = Literal["contact", "agent", "auditor", "operator"]

ADMINISTRATOR = "administrator"
"""The role of the agents who administer a desk."""


class Account(Struct, frozen=True, kw_only=True):
    """The account of a person at a tenant, under a user name."""

    tenant: str
    kind: PersonKind
    person: str
    user: str


class Principal(Struct, frozen=True, kw_only=True):
    """A person who is logged in, as the directory has them now."""

    tenant: str
    kind: PersonKind
    id: str
    name: str
    language: str
    customer: str = ""
    sees_colleagues: bool = False
    roles: tuple[str, ...] = ()
    """The roles of an agent, which say which decisions the agent makes."""

    @property
    def sees_internal(self) -> bool:
        """Whether internal notes and internal data exist for them."""
        return self.kind in ("agent", "auditor")

    @property
    def administers(self) -> bool:
        """Whether they administer the desk, which shows them its security log."""
        return self.kind == "agent" and ADMINISTRATOR in self.roles

    @property
    def viewing_agent(self) -> str | None:
        """The agent from whom a case must not be hidden, if it is to exist for this principal."""
        return self.id if self.kind == "agent" else None

    @property
    def writes(self) -> bool:
        """Whether they may send any command."""
        return self.kind in ("contact", "agent")


PerPrincipal: TypeAlias = Callable[[Principal], T]
"""A port for one principal, as identified by their token. The database checks every read against
that principal too, whatever scope the code above gives."""


class Scope(Struct, frozen=True, kw_only=True):
    """The cases that exist for a principal: of one tenant, and, if given, of one customer and one
    contact.

    `agent` narrows the scope to the cases that are assigned to one agent. Cases that are hidden
    from the agent `viewing_agent` are left out.
    """

    tenant: str
    customer: str | None = None
    contact: str | None = None
    agent: str | None = None
    nothing: bool = False
    viewing_agent: str | None = None


def principal_of(account: Account, reference: Reference) -> Principal | None:
    """The person behind an account; None if the person is unknown or inactive."""
    tenant = account.tenant
    definition = reference.newest(tenant)
    if definition is None:
        return None
    if account.kind == "contact":
        contact = reference.contact(tenant, account.person)
        if contact is None or not contact.active:
            return None
        return Principal(
            tenant=tenant,
            kind="contact",
            id=contact.id,
            name=contact.name,
            language=definition.language(contact.language),
            customer=contact.customer,
            sees_colleagues=definition.sees_colleagues(contact.role),
        )
    find = reference.auditor if account.kind == "auditor" else reference.agent
    person = find(tenant, account.person)
    if person is None or not person.active:
        return None
    return Principal(
        tenant=tenant,
        kind=account.kind,
        id=person.id,
        name=person.name,
        language=definition.language(person.language),
        roles=person.roles if isinstance(person, Agent) else (),
    )


def scope_of(principal: Principal, mine: bool = False) -> Scope:
    """The scope of a principal; `mine` narrows it to their own cases."""
    tenant = principal.tenant
    if principal.kind == "contact":
        own = mine or not principal.sees_colleagues
        contact = principal.id if own else None
        return Scope(tenant=tenant, customer=principal.customer, contact=contact)
    if principal.kind == "operator":
        return Scope(tenant=tenant, nothing=True)
    agent = principal.id if mine and principal.kind == "agent" else None
    return Scope(tenant=tenant, agent=agent, viewing_agent=principal.viewing_agent)
