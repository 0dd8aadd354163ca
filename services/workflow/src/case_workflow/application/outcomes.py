"""Outcomes of requests that changed nothing: refused, or unchanged."""

from collections.abc import Iterator

from case_definition.lookup.reference import Reference
from case_events.contracts.base import Event, type_name
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.links import ForwardComment
from case_events.contracts.messages import MessageRequested
from case_events.contracts.parts import WrittenContent
from case_events.contracts.refusals import CommandRefused, CommandUnchanged
from case_events.envelope import Record
from case_events.kernel import Draft
from case_events.topics import MESSAGES, REFUSALS

from case_workflow.application.requester import language_of
from case_workflow.domain.case import Case
from case_workflow.domain.verdict import Refusal, Unchanged

REPLY_REFUSED = "reply_refused"
"""The template of the mail that answers a refused mail."""


def answers(
    decision: Refusal | Unchanged, case: Case, record: Record, reference: Reference
) -> Iterator[Draft]:
    """The outcome of a request, with its text. A mail that is refused is also answered by mail,
    unless it asks for no answer, or its sender takes no part in the case: for them the case does
    not exist."""
    yield Draft(topic=REFUSALS, event=_outcome(decision, record))
    asked = record.data
    if not isinstance(asked, ReplyReceived | ForwardComment) or not isinstance(decision, Refusal):
        return
    if isinstance(asked, ReplyReceived) and asked.no_answer:
        return
    if asked.message_id and asked.personal.author.address and decision.rule != "participant":
        mail = MessageRequested(
            key=f"{REPLY_REFUSED}/{record.id}",
            template=REPLY_REFUSED,
            language=language_of(record, reference) or _of_contact(case, record, reference),
            values={"reference": case.reference, "subject": asked.personal.title},
            in_reply_to=asked.message_id,
            personal=asked.personal.author,
        )
        yield Draft(topic=MESSAGES, event=mail)


def _of_contact(case: Case, record: Record, reference: Reference) -> str:
    """The language of the case's contact, for a sender in no directory."""
    known = reference.contact(record.tenant, case.contact)
    return known.language if known else case.unregistered.language


def _outcome(decision: Refusal | Unchanged, record: Record) -> Event:
    asked = type_name(record.data)
    if isinstance(decision, Unchanged):
        return CommandUnchanged(asked)
    return CommandRefused(
        code=decision.code,
        field=decision.field,
        rule=decision.rule,
        reason=decision.reason,
        command=asked,
        personal=getattr(record.data, "personal", WrittenContent()),
    )
