"""Routing of a form submission: to a new case, or to a refusal with its reasons."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from case_definition.lookup.agent_fields import agents_named
from case_definition.lookup.definition import Definition
from case_definition.lookup.form import FieldProblem, names_files
from case_definition.rules.channel_rules import choice_of, receipt_limit
from case_definition.rules.editing import edit_limit
from case_definition.rules.variables import Variables
from case_definition.schema.channels import Channel
from case_events.contracts.base import Event
from case_events.contracts.intake import CaseCreated
from case_events.contracts.parts import InputFault, Person, WrittenContent
from case_events.contracts.refusals import InputRefused
from case_events.contracts.unregistered import is_address, with_submitter
from case_events.kernel import Draft
from case_events.topics import INTAKE, REFUSALS
from msgspec.structs import replace

from case_intake.domain.inbound import Creator, FormSubmission, attachments, clean, file_names
from case_intake.domain.routing_result import (
    MAX_TEXT_LENGTH,
    MAX_TITLE_LENGTH,
    TEXT_FIELD,
    TITLE_FIELD,
    Directory,
    Mistake,
    RoutingResult,
    channel_mistake,
    creation_mistake,
    shortened,
    variables_of,
)

OTHER_BODY = Mistake("Idempotency-Key", "same_body", "This key was used before, for another case.")
MAX_FAULTS = 50
"""The number of mistakes that are published, the first ones."""
_RECEIPTS = {
    "past": "received_at has to be a moment that has been.",
    "received_within": "received_at is longer ago than this way in takes.",
}


def route_form(
    inbound: FormSubmission, definition: Definition, people: Directory, at: datetime
) -> RoutingResult:
    """Route a form submission. A new case still needs `numbered`."""
    unknown = menu_mistake(inbound, definition)
    if unknown is not None:
        return refuse_form(inbound, definition, (unknown,))
    inbound = apply_menu_choice(inbound, definition)
    case_type = type_of(inbound, definition)
    mistakes = tuple(_mistakes(inbound, definition, case_type, people, at))
    whom = inbound.creator.case_contact
    if mistakes or whom is None:
        return refuse_form(inbound, definition, mistakes)
    values = {name: _text(value) for name, value in inbound.values.items()}
    own = {TITLE_FIELD, TEXT_FIELD}
    event = CaseCreated(
        reference="",
        case_type=case_type,
        customer=whom.customer,
        contact=whom.id,
        language=definition.language(whom.language),
        fields={
            name: value
            for name, value in values.items()
            if name not in own and value and definition.fields[name].type != "files"
        },
        attachments=attachments(inbound.files),
        personal=with_submitter(_words(inbound), inbound.creator.unregistered),
        menu=inbound.menu,
    )
    draft = replace(_draft(INTAKE, event, inbound, definition), occurred_at=inbound.received_at)
    return RoutingResult(outcome="case", drafts=(draft,))


def refuse_form(
    inbound: FormSubmission, definition: Definition, mistakes: tuple[Mistake, ...]
) -> RoutingResult:
    """A refusal, stored whole for agents to see; the first mistake names it."""
    first = mistakes[0]
    event = InputRefused(
        code="not_allowed" if first.forbidden else "invalid_input",
        field=shortened(first.field, MAX_TITLE_LENGTH),
        rule=first.rule,
        reason=shortened(" ".join(mistake.reason for mistake in mistakes), 10 * MAX_TITLE_LENGTH),
        raw=sha256(inbound.raw).hexdigest(),
        personal=_words(inbound),
        faults=tuple(_fault(mistake) for mistake in mistakes[:MAX_FAULTS]),
    )
    draft = _draft(REFUSALS, event, inbound, definition)
    return RoutingResult(outcome="refused", why=event.code, drafts=(draft,), mistakes=mistakes)


def _fault(mistake: Mistake) -> InputFault:
    reason = shortened(mistake.reason, MAX_TITLE_LENGTH)
    return InputFault(shortened(mistake.field, MAX_TITLE_LENGTH), mistake.rule, reason)


def menu_mistake(inbound: FormSubmission, definition: Definition) -> Mistake | None:
    """The mistake of a choice that the menu of the channel does not have; None for a valid choice,
    or none."""
    if not inbound.menu or choice_of(inbound.channel, inbound.menu, definition) is not None:
        return None
    way = definition.channels.get(inbound.channel)
    names = ", ".join(choice.name for choice in way.menu) if way else ""
    reason = f"menu has to be one of: {names}." if names else "This way in has no menu."
    return Mistake("menu", "options", reason)


def apply_menu_choice(inbound: FormSubmission, definition: Definition) -> FormSubmission:
    """The submission after the caller's menu choice: by another channel, or with a type."""
    choice = choice_of(inbound.channel, inbound.menu, definition)
    if choice is None:
        return inbound
    return replace(
        inbound,
        channel=choice.channel or inbound.channel,
        case_type=inbound.case_type or choice.case_type or "",
    )


def type_of(inbound: FormSubmission, definition: Definition) -> str:
    """The requested type, or the type of the channel; empty if neither gives one."""
    way = definition.channels.get(inbound.channel)
    return inbound.case_type or (way.case_type if way else None) or ""


def _mistakes(
    inbound: FormSubmission, definition: Definition, case_type: str, people: Directory, at: datetime
) -> Iterator[Mistake]:
    way = definition.channels.get(inbound.channel)
    if (nobody := _whom_mistake(inbound.creator, way, definition)) is not None:
        yield nobody
        return
    if way is not None and way.comes_by == "mail":
        yield Mistake("channel", "options", "What is posted is no mail: name another way in.")
        return
    creator, channel = inbound.creator, inbound.channel
    asked = variables_of(definition, creator, channel, case_type, people, at)
    closed = channel_mistake(definition, creator, channel, asked, at)
    if closed is not None:
        yield closed
        return
    if case_type not in definition.case_types:
        rule = "options" if case_type else "required"
        yield Mistake("type", rule, f"type has to be one of: {', '.join(definition.case_types)}.")
        return
    if (receipt := _receipt_mistake(inbound, definition, at)) is not None:
        yield receipt
    forbidden = creation_mistake(definition, creator, case_type, asked, people)
    if forbidden is not None:
        yield forbidden
        return
    values = dict(inbound.values)
    names = [file.name for file in inbound.files]
    for field in definition.case_types[case_type].field_names:
        if definition.fields[field].type != "files":
            continue
        if not names_files(definition.fields[field], values.get(field), names):
            yield Mistake(field, "files", f"{field} has to name files that come with the case.")
        values[field] = names or values.get(field)
    named = agents_named(definition, values, people)
    for problem in definition.form_problems(case_type, values, named):
        yield _sentence(problem)
    yield from _not_theirs(inbound, definition, asked)
    if sum(len(_text(value)) for value in values.values()) > MAX_TEXT_LENGTH:
        yield Mistake("fields", "max_length", f"All fields together: {MAX_TEXT_LENGTH} characters.")


def _whom_mistake(creator: Creator, way: Channel | None, definition: Definition) -> Mistake | None:
    """Why the case cannot be for the named contact."""
    if creator.contact is not None:
        return None
    if not creator.unregistered.is_named:
        return Mistake("contact", "known_contact", "Name an active contact of this desk.")
    if way is None or way.unregistered_contacts == "refused":
        reason = "This way in takes no cases of people who are in no directory."
        return Mistake("contact", "known_contact", reason)
    if creator.unregistered.address and not is_address(creator.unregistered.address):
        return Mistake("contact", "address", "Write a mail address as in name@example.org.")
    languages = definition.document.languages
    if creator.unregistered.language not in ("", *languages):
        return Mistake("language", "options", f"language has to be one of: {', '.join(languages)}.")
    return None


def _receipt_mistake(
    inbound: FormSubmission, definition: Definition, at: datetime
) -> Mistake | None:
    """Why the case cannot have been received at the stated time."""
    if inbound.received_at is None:
        return None
    way = definition.channels[inbound.channel]
    rule = receipt_limit(way, inbound.creator.capacity, inbound.received_at, at)
    return Mistake("received_at", rule, _RECEIPTS[rule]) if rule else None


def _not_theirs(
    inbound: FormSubmission, definition: Definition, asked: Variables
) -> Iterator[Mistake]:
    for name in (name for name in inbound.values if name in definition.fields):
        limit = edit_limit(definition, name, inbound.creator.capacity, asked)
        if limit is not None:
            yield Mistake(name, limit, f"{name} is not for you to fill in.", True)


def _sentence(problem: FieldProblem) -> Mistake:
    field = clean(problem.field)
    return Mistake(field, problem.rule, problem.sentence(field))


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(str(item) for item in value)
        case _:
            return clean(str(value))


def _words(inbound: FormSubmission) -> WrittenContent:
    whom = inbound.creator.case_contact
    return WrittenContent(
        text=shortened(_text(inbound.values.get(TEXT_FIELD))),
        title=shortened(_text(inbound.values.get(TITLE_FIELD)), MAX_TITLE_LENGTH),
        file_names=file_names(inbound.files),
        author=whom.person if whom else Person(),
    )


def _draft(topic: str, event: Event, inbound: FormSubmission, definition: Definition) -> Draft:
    return Draft(
        topic=topic,
        event=event,
        tenant=inbound.tenant,
        actor=inbound.creator.actor,
        channel=inbound.channel,
        definition=definition.key,
    )
