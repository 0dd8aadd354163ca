"""The result of routing, and the rules that mails and form submissions share."""

from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_definition.lookup.redirects import CustomerDirectory, redirect_text
from case_definition.rules.case_state import CaseState
from case_definition.rules.channel_rules import channel_limit, refused_text
from case_definition.rules.variables import RuleDirectory, Variables, new_case_variables
from case_events.contracts.intake import CaseCreated
from case_events.contracts.refusals import InputRefused
from case_events.kernel import Draft
from msgspec import Struct
from msgspec.structs import replace

from case_intake.domain.inbound import Creator

TITLE_FIELD = "title"
TEXT_FIELD = "description"
"""The fields that every form has: the title of a case, and its first text."""

MAX_TITLE_LENGTH = 500
MAX_TEXT_LENGTH = 100_000
"""The maximum length of a text in an event, in characters. A record must fit the broker's limit;
the blob store has the whole text."""


class Directory(RuleDirectory, CustomerDirectory, Protocol):
    """The part of the reference data that decides who may create what."""


class Mistake(Struct, frozen=True):
    """A mistake of the input: the field, the rule, and a sentence for people."""

    field: str
    rule: str
    reason: str
    forbidden: bool = False
    """Whether the person may not do this, whatever they fill in."""
    pointer: str = ""
    """The people to ask instead, if the definition names them; part of the reason."""


class RoutingResult(Struct, frozen=True, kw_only=True):
    """The result of routing an input, and the records for it.

    `case` is a new case, `reply` belongs to the case `case`, `bounce` reports about a mail of the
    case `case`, `access` asks for access to the portal, `refused` makes no case, and `ignored` is
    our own mail. `why` explains the last two.
    """

    outcome: Literal["case", "reply", "bounce", "access", "refused", "ignored"]
    why: str = ""
    case: UUID | None = None
    reference: str = ""
    drafts: tuple[Draft, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def created(self) -> CaseCreated | None:
        """The new case, if the result is one."""
        events = (draft.event for draft in self.drafts)
        return next((event for event in events if isinstance(event, CaseCreated)), None)

    def numbered(self, case: UUID, reference: str) -> "RoutingResult":
        """A new case with its id and its reference."""
        drafts = tuple(
            replace(draft, case=case, event=replace(draft.event, reference=reference))
            if isinstance(draft.event, CaseCreated)
            else draft
            for draft in self.drafts
        )
        return replace(self, case=case, reference=reference, drafts=drafts)

    def submitted(self, submission: UUID, at: datetime) -> "RoutingResult":
        """The outcome of a form that a record submitted `at` an instant. It happened at that
        instant, and names the record."""
        drafts = tuple(
            replace(draft, event=replace(draft.event, submission=submission), occurred_at=at)
            if isinstance(draft.event, CaseCreated | InputRefused)
            else draft
            for draft in self.drafts
        )
        return replace(self, drafts=drafts)


def creation_mistake(
    definition: Definition,
    creator: Creator,
    case_type: str,
    asked: Variables,
    people: CustomerDirectory,
) -> Mistake | None:
    """Why a person may not create a case of this type; None if they may. `asked` is the result of
    `variables_of` for the case.

    The mistake names the contacts of `people` to whom the definition redirects.
    """
    kind = definition.case_types[case_type]
    if creator.capacity not in kind.created_by:
        return _not_allowed("created_by", definition, creator, case_type, people)
    if not definition.holds(kind.when, asked):
        return _not_allowed("when", definition, creator, case_type, people)
    return None


def channel_mistake(
    definition: Definition, creator: Creator, channel: str, asked: Variables, at: datetime
) -> Mistake | None:
    """Why a person may not use this channel now, and what to do instead; None if they may.

    `asked` is the result of `variables_of` for the case; its type may still be empty.
    """
    terms = definition.channels.get(channel)
    if terms is None:
        return Mistake("channel", "options", f"There is no way in that is called {channel}.")
    rule = channel_limit(terms, definition, creator.capacity, asked, at)
    if rule is None:
        return None
    text = refused_text(channel, definition, creator.language)
    reason = text or f"This way in ({channel}) is not open to you."
    return Mistake("channel", rule, reason, True, text)


def _not_allowed(
    rule: str, definition: Definition, creator: Creator, case_type: str, people: CustomerDirectory
) -> Mistake:
    pointer = ""
    if creator.capacity == "contact" and creator.contact is not None:
        pointer = redirect_text(definition, case_type, creator.contact, people)
    reason = pointer or f"You may not create a case of type {case_type}."
    return Mistake("type", rule, reason, True, pointer)


def shortened(text: str, longest: int = MAX_TEXT_LENGTH) -> str:
    """The text, cut at the maximum length of an event."""
    return text if len(text) <= longest else text[: longest - 2] + " …"


def variables_of(
    definition: Definition,
    creator: Creator,
    channel: str,
    case_type: str,
    directory: Directory,
    at: datetime,
) -> Variables:
    """The variables of rules about a case that a person creates."""
    whom = creator.case_contact
    new_case = CaseState(
        case_type=case_type,
        channel=channel,
        customer=whom.customer if whom else "",
        contact=whom.id if whom else "",
        unregistered=creator.unregistered,
    )
    return new_case_variables(new_case, creator.actor, definition, directory, at)
