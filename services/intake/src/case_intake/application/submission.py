"""Takes a form of the portal from its topic, once, however often the effect is tried."""

from hashlib import sha256

from case_events.contracts.submissions import SubmitCase
from case_events.envelope import Record

from case_intake.application.ports import InboundRecord, IntakeDirectory, IntakePorts
from case_intake.application.record_inbound import apply_routing, definition_of
from case_intake.domain.form_routing import route_form
from case_intake.domain.inbound import Creator, FormSubmission, InboundFile, contact_creator
from case_intake.domain.routing_result import TEXT_FIELD, TITLE_FIELD


async def take_submission(
    submitted: SubmitCase, record: Record, raw: bytes, ports: IntakePorts
) -> None:
    """Publish the one outcome of a submission: a new case, or its refusal.

    `record` is the record of the submission. The outcome names its id, its `case` is the id of the
    new case, and its `occurred_at` is the time of the case. `raw` is the submission as bytes.
    Raises `UnknownTenant`, and the errors of the ports; in that case nothing is published.
    """
    definition = definition_of(record.tenant, ports.directory)
    inbound = _form_submission(submitted, record, raw, ports.directory)
    routing = route_form(inbound, definition, ports.directory, record.occurred_at)
    await ports.blobs.put(record.tenant, raw)
    async with ports.outbox.open(record.tenant, inbound.creator.actor) as transaction:
        await transaction.repository.lock(f"submission/{record.id}")
        if await transaction.repository.exists(record.tenant, record.id):
            return
        arrived = InboundRecord(
            id=record.id,
            tenant=record.tenant,
            channel=record.channel,
            digest=inbound.digest,
            raw=sha256(raw).hexdigest(),
            received_at=transaction.now,
        )
        outcome = routing.submitted(record.id, record.occurred_at)
        await apply_routing(outcome, arrived, definition, transaction, record)


def _form_submission(
    submitted: SubmitCase, record: Record, raw: bytes, directory: IntakeDirectory
) -> FormSubmission:
    words = submitted.personal
    files = zip(submitted.attachments, words.file_names, strict=True)
    own = {TITLE_FIELD: words.title, TEXT_FIELD: words.text}
    return FormSubmission(
        tenant=record.tenant,
        creator=_creator(record, directory),
        channel=record.channel,
        case_type=submitted.case_type,
        values=submitted.fields | {name: text for name, text in own.items() if text},
        files=tuple(InboundFile(name, one.type, one.sha256, one.size) for one, name in files),
        raw=raw,
    )


def _creator(record: Record, directory: IntakeDirectory) -> Creator:
    """The contact who submits the form, for themselves; nobody if the contact is not active any
    more."""
    contact = directory.contact(record.tenant, record.actor.id)
    if record.actor.kind != "contact" or contact is None or not contact.active:
        return Creator(capacity="contact", id=record.actor.id)
    return contact_creator(contact)
