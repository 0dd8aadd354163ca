"""The last steps for every inbound mail and form: assign a reference, publish, store a record."""

from case_definition.lookup.definition import Definition
from case_events.envelope import Record
from msgspec.structs import replace

from case_intake.application.ports import InboundRecord, IntakeDirectory, IntakeTransaction
from case_intake.domain.inbound import NumberedCase
from case_intake.domain.routing_result import RoutingResult


class UnknownTenant(LookupError):
    """Intake has no definition of this tenant yet, so it accepts nothing for the tenant."""


def definition_of(tenant: str, directory: IntakeDirectory) -> Definition:
    """The tenant's newest definition. Raises `UnknownTenant`."""
    definition = directory.newest(tenant)
    if definition is None:
        raise UnknownTenant(tenant)
    return definition


async def apply_routing(
    routing: RoutingResult,
    arrived: InboundRecord,
    definition: Definition,
    transaction: IntakeTransaction,
    submission: Record | None = None,
) -> InboundRecord:
    """Assign a reference to a new case, publish the drafts of the routing, and store the inbound
    record.

    `submission` is the record of a form of the portal; the new case gets its case id.
    """
    tenant, created = arrived.tenant, routing.created
    if created is not None:
        number = await transaction.repository.next_number(tenant, transaction.now.year)
        reference = definition.reference(transaction.now.year, number)
        new = submission.case if submission else None
        case = NumberedCase(
            new or transaction.new_id(), reference, created.customer, created.contact
        )
        await transaction.repository.save_case(tenant, case)
        routing = routing.numbered(case.id, reference)
    for draft in routing.drafts:
        transaction.publish(draft, submission)
    kept = replace(
        arrived,
        outcome=routing.outcome,
        why=routing.why,
        case=routing.case,
        reference=routing.reference,
    )
    await transaction.repository.save(kept)
    return kept
