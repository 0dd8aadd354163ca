"""Accepts a form submission: from a form, by phone or by API."""

from hashlib import sha256

from case_intake.application.ports import InboundRecord, IntakePorts, StoredAnswer
from case_intake.application.record_inbound import apply_routing, definition_of
from case_intake.domain.form_routing import OTHER_BODY, refuse_form, route_form
from case_intake.domain.inbound import FormSubmission
from case_intake.domain.routing_result import Mistake


async def accept_form(
    inbound: FormSubmission, ports: IntakePorts, found: tuple[Mistake, ...] = ()
) -> StoredAnswer | tuple[Mistake, ...]:
    """Accept a form submission. Returns the new case, or the mistakes, which are stored as well.

    Under one Idempotency-Key, the same submission gets the same answer, and another submission is
    refused. `found` are the mistakes that reading the request found. Raises the same errors as
    `accept`.
    """
    tenant, principal = inbound.tenant, f"{inbound.creator.capacity}/{inbound.creator.id}"
    definition = definition_of(tenant, ports.directory)
    await ports.blobs.put(tenant, inbound.raw, *inbound.contents)
    async with ports.outbox.open(tenant, inbound.creator.actor) as transaction:
        repository = transaction.repository
        if inbound.key and not found:
            await repository.lock(f"key/{tenant}/{principal}/{inbound.key}")
            before = await repository.answer(tenant, principal, inbound.key)
            if before is not None and before.digest == inbound.digest:
                return before
            found = (OTHER_BODY,) if before else ()
        if found:
            routing = refuse_form(inbound, definition, found)
        else:
            routing = route_form(inbound, definition, ports.directory, transaction.now)
        arrived = InboundRecord(
            id=transaction.new_id(),
            tenant=tenant,
            channel=inbound.channel,
            digest=inbound.digest,
            raw=sha256(inbound.raw).hexdigest(),
            received_at=transaction.now,
        )
        kept = await apply_routing(routing, arrived, definition, transaction)
        if kept.case is None:
            return routing.mistakes
        answered = StoredAnswer(digest=inbound.digest, case=kept.case, reference=kept.reference)
        if inbound.key:
            await repository.save_answer(tenant, principal, inbound.key, answered)
        return answered
