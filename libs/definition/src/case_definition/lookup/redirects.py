"""Redirects: the people to whom a contact is sent who may not do something."""

from collections.abc import Sequence
from typing import Protocol

from case_definition.lookup.definition import Definition
from case_definition.schema.directory import Contact, Customer
from case_definition.schema.templates import fill


class CustomerDirectory(Protocol):
    """The part of the directory with the people of a redirect."""

    def customer(self, tenant: str, customer: str) -> Customer | None: ...
    def contacts_of(self, tenant: str, customer: str) -> Sequence[Contact]: ...


def redirect_text(
    definition: Definition, case_type: str, contact: Contact, people: CustomerDirectory
) -> str:
    """The text for a contact who may not create a case of this type, in their language; empty
    without a redirect."""
    redirect = definition.case_types[case_type].redirect
    if redirect is None:
        return ""
    colleagues = people.contacts_of(contact.tenant, contact.customer)
    named = [f"{c.name} ({c.email})" for c in colleagues if c.active and c.role in redirect.to]
    customer = people.customer(contact.tenant, contact.customer)
    language = definition.language(contact.language)
    text = definition.text(f"redirects.{redirect.text}.{'found' if named else 'nobody'}", language)
    return fill(
        text,
        {
            "people": ", ".join(named),
            "customer": customer.name if customer else contact.customer,
            "case_type": definition.name_of("case_types", case_type, language),
            "tenant": definition.document.name,
        },
    ).strip()
