"""What every arrival has in common once it is placed: number, publish, keep."""

from case_definition.lookup.definition import Definition
from case_events.envelope import Record
from msgspec.structs import replace

from case_intake.application.ports import Directory, InboundRecord, IntakeTransaction
from case_intake.domain.inbound import KnownCase
from case_intake.domain.routing_result import RoutingResult


class UnknownTenant(LookupError):
    """The tenant's definition has not arrived here, so nothing can be promised for it."""


def definition_of(tenant: str, directory: Directory) -> Definition:
    """The tenant's newest definition. Raises `UnknownTenant`."""
    definition = directory.newest(tenant)
    if definition is None:
        raise UnknownTenant(tenant)
    return definition


async def apply_routing(
    routing: RoutingResult,
    arrived: InboundRecord,
    definition: Definition,
    admission: IntakeTransaction,
    submission: Record | None = None,
) -> InboundRecord:
    """Give a new case its number, publish what the placement says, keep what arrived.

    `submission` is the record that it came by, where it came by one: the case has its id.
    """
    tenant, created = arrived.tenant, routing.created
    if created is not None:
        number = await admission.repository.next_number(tenant, admission.now.year)
        reference = definition.reference(admission.now.year, number)
        new = submission.case if submission else None
        case = KnownCase(new or admission.new_id(), reference, created.customer, created.contact)
        await admission.repository.save_case(tenant, case)
        routing = routing.numbered(case.id, reference)
    for draft in routing.drafts:
        admission.publish(draft, submission)
    kept = replace(
        arrived,
        outcome=routing.outcome,
        why=routing.why,
        case=routing.case,
        reference=routing.reference,
    )
    await admission.repository.save(kept)
    return kept
