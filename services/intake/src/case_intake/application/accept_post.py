"""Taking in a post by form, phone or API, as surely as a mail."""

from hashlib import sha256

from case_intake.application.keeping import carry_out, definition_of
from case_intake.application.ports import Answered, Arrived, Ports
from case_intake.domain.arrival import Posted
from case_intake.domain.placement import Mistake
from case_intake.domain.posting import OTHER_BODY, place_posted, refused_post


async def accept_post(
    arrival: Posted, ports: Ports, found: tuple[Mistake, ...] = ()
) -> Answered | tuple[Mistake, ...]:
    """Take in a post: the case that it made, or what was wrong with it, which is kept as well.

    Under one Idempotency-Key the same post gets the same answer, and another one is refused.
    `found` is what was wrong with its form already. Raises as `accept` does.
    """
    tenant, principal = arrival.tenant, f"{arrival.creator.capacity}/{arrival.creator.id}"
    definition = definition_of(tenant, ports.directory)
    await ports.blobs.put(tenant, arrival.raw, *arrival.contents)
    async with ports.door.open(tenant) as admission:
        arrivals = admission.arrivals
        if arrival.key and not found:
            await arrivals.alone(f"key/{tenant}/{principal}/{arrival.key}")
            before = await arrivals.answer(tenant, principal, arrival.key)
            if before is not None and before.digest == arrival.digest:
                return before
            found = (OTHER_BODY,) if before else ()
        if found:
            placement = refused_post(arrival, definition, found)
        else:
            placement = place_posted(arrival, definition, ports.directory, admission.now)
        arrived = Arrived(
            id=admission.new_id(),
            tenant=tenant,
            channel=arrival.channel,
            digest=arrival.digest,
            raw=sha256(arrival.raw).hexdigest(),
            received_at=admission.now,
        )
        kept = await carry_out(placement, arrived, definition, admission)
        if kept.case is None:
            return placement.mistakes
        answered = Answered(digest=arrival.digest, case=kept.case, reference=kept.reference)
        if arrival.key:
            await arrivals.keep_answer(tenant, principal, arrival.key, answered)
        return answered
