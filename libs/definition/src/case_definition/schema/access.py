"""Access of contacts: the section `access`, and the redirects of case types."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from case_definition.calendar.lengths import Elapsed, parse_length
from case_definition.schema.model import DefinitionModel, LengthText, Name
from case_definition.vocabulary import ContactRole


class Invitation(DefinitionModel):
    """An agent invites a contact: a mail with a link and a personal code, then a second mail that
    confirms the address."""

    by: tuple[Name, ...] = Field(default=("agent", "administrator"), min_length=1)
    """The roles of agents who may invite."""
    holds: LengthText = "P7D"
    """How long the personal code can be redeemed."""
    confirmation_holds: LengthText = "P1D"
    """How long the address can be confirmed."""


class RequestByMail(DefinitionModel):
    """A contact asks for access by mail, and gets an automatic answer with a link."""

    plus: Name | None = None
    """The plus part of an address that the tenant receives: `access` for desk+access@…"""
    subjects: tuple[str, ...] = ()
    """Subjects with the same meaning: the whole subject, in any capitalisation."""
    unregistered_contacts: Literal["answered", "ignored"] = "answered"
    """Whether an unknown address gets the answer to unknown senders, or no answer."""
    holds: LengthText = "P1D"
    """How long the link in the answer can be used."""


class Access(DefinitionModel):
    """How contacts get an account."""

    invitation: Invitation | None = None
    request_by_mail: RequestByMail | None = None
    reset_holds: LengthText = "PT1H"
    """How long the link in the mail about a forgotten password can be used."""

    def lifetimes(self) -> Iterator[tuple[tuple[str, ...], LengthText]]:
        """How long each kind of code is valid, with its place in the definition."""
        yield ("reset_holds",), self.reset_holds
        if self.invitation:
            yield ("invitation", "holds"), self.invitation.holds
            yield ("invitation", "confirmation_holds"), self.invitation.confirmation_holds
        if self.request_by_mail:
            yield ("request_by_mail", "holds"), self.request_by_mail.holds

    def templates(self) -> Mapping[str, frozenset[str]]:
        """The mails that this section needs, and the placeholders of each."""
        found = dict(TEMPLATES["access"])
        if self.invitation:
            found |= TEMPLATES["access.invitation"]
        if self.request_by_mail:
            found |= TEMPLATES["access.request_by_mail"]
        return found


LINK = frozenset({"tenant", "recipient", "address", "link", "until"})
SECRET = frozenset({"link", "code"})
"""The placeholders that only the reader of a mail may know, and that they need to get in."""
TEMPLATES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "access": {
        "password_reset": LINK | {"user"},
        "password_changed": LINK - {"until"} | {"user"},
    },
    "access.invitation": {"invitation": LINK | {"code"}, "confirm_address": LINK},
    "access.request_by_mail": {"access_link": LINK | {"user"}},
}
"""The mails that give access and their placeholders, by the section that needs them."""
NOT_ALLOWED = "not_allowed"
NOT_ALLOWED_PLACES = frozenset({"tenant", "recipient", "address", "subject", "reason"})
"""The placeholders of the mail to a contact who may not create the case that they wrote."""

REDIRECT_PLACES = frozenset({"people", "customer", "case_type", "tenant"})
"""The placeholders of the text of a redirect."""


class Redirect(DefinitionModel):
    """The people to whom a contact is sent who may not create a case: people of their own customer.

    Its texts are `redirects.<text>.found` and, if there is no such person,
    `redirects.<text>.nobody`.
    """

    to: tuple[ContactRole, ...] = Field(min_length=1)
    text: Name


def lifetime(text: LengthText) -> timedelta:
    """How long a code is valid. Raises ValueError for a text that is no fixed length of time."""
    length = parse_length(text, elapsed=True)
    if not isinstance(length, Elapsed) or length.months:
        raise ValueError("write hours or days, as in PT1H or P7D")
    return timedelta(days=length.days, microseconds=length.span)
