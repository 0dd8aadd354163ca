"""Active people of the directory, of every kind."""

from case_definition.lookup.reference import Reference
from case_events.contracts.parts import Person
from msgspec import Struct

from case_portal.core.principal import PersonKind


class Somebody(Struct, frozen=True, kw_only=True):
    """An active person of a tenant, with their mail address."""

    tenant: str
    kind: PersonKind
    id: str
    name: str
    address: str
    language: str

    @property
    def person(self) -> Person:
        """The person as the recipient of a mail."""
        return Person(self.address, self.name)


def somebody(reference: Reference, tenant: str, kind: PersonKind, person: str) -> Somebody | None:
    """A person as the directory has them now; None if the person is unknown or inactive."""
    find = {"contact": reference.contact, "auditor": reference.auditor}.get(kind, reference.agent)
    known = find(tenant, person)
    if known is None or not known.active:
        return None
    return Somebody(
        tenant=tenant,
        kind=kind,
        id=known.id,
        name=known.name,
        address=known.email,
        language=known.language,
    )


def at_address(reference: Reference, tenant: str, address: str) -> list[tuple[PersonKind, str]]:
    """The people with this mail address at a tenant: a contact, an agent, or both."""
    contact = reference.contact_by_address(tenant, address)
    agent = reference.agent_by_address(tenant, address)
    found: list[tuple[PersonKind, str]] = []
    if contact is not None:
        found.append(("contact", contact.id))
    if agent is not None:
        found.append(("agent", agent.id))
    return found
