"""Assigns a reference to a case that another case requested. Idempotent."""

from uuid import UUID

from case_definition.lookup.definition import Definition
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseRequested
from case_events.contracts.parts import OriginCase
from case_events.envelope import Record
from case_events.kernel import Draft
from case_events.topics import INTAKE

from case_intake.application.ports import IntakeDirectory, IntakePorts
from case_intake.application.record_inbound import definition_of
from case_intake.domain.inbound import NumberedCase


async def assign_reference(requested: CaseRequested, cause: Record, ports: IntakePorts) -> None:
    """Assign a reference to a requested case and publish the case; do nothing if it has a
    reference.

    `cause` is the record that requested it, with its case, its people and its tenant. Raises
    `UnknownTenant`, and the errors of the ports; in that case nothing is published.
    """
    tenant, case = cause.tenant, requested.case
    assert cause.case is not None
    newest = definition_of(tenant, ports.directory)
    definition = _of_new_case(newest, requested, cause, ports.directory)
    async with ports.outbox.open(tenant, cause.actor) as transaction:
        repository = transaction.repository
        await repository.lock(f"case/{tenant}/{case}")
        if await repository.case(tenant, case) is not None:
            return
        route_mail = await repository.next_number(tenant, transaction.now.year)
        reference = newest.reference(transaction.now.year, route_mail)
        known = NumberedCase(case, reference, requested.customer, requested.contact)
        await repository.save_case(tenant, known)
        contact = ports.directory.contact(tenant, requested.contact)
        spoken = contact.language if contact else requested.personal.unregistered.language
        draft = Draft(
            topic=INTAKE,
            event=_created(requested, reference, definition.language(spoken), cause.case),
            case=case,
            tenant=tenant,
            actor=cause.actor,
            channel=cause.channel,
            definition=definition.key,
        )
        transaction.publish(draft, cause)


def _created(
    requested: CaseRequested, reference: str, language: str, asked_by: UUID
) -> CaseCreated:
    return CaseCreated(
        reference=reference,
        case_type=requested.case_type,
        customer=requested.customer,
        contact=requested.contact,
        language=language,
        fields=requested.fields,
        attachments=requested.attachments,
        message_id=requested.message_id,
        raw=requested.raw,
        personal=requested.personal,
        origin=OriginCase(asked_by, requested.reference, requested.kind),
        copied=requested.copied,
    )


def _of_new_case(
    newest: Definition, requested: CaseRequested, cause: Record, directory: IntakeDirectory
) -> Definition:
    """The newest definition; or that of the requesting case, if the newest one does not have the
    type."""
    if requested.case_type in newest.case_types:
        return newest
    return directory.definition(cause.definition)
