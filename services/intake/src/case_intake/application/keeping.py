"""What every arrival has in common once it is placed: number, publish, keep."""

from case_definition.lookup.definition import Definition
from case_events.envelope import Record
from msgspec.structs import replace

from case_intake.application.ports import Admission, Arrived, Directory
from case_intake.domain.arrival import KnownCase
from case_intake.domain.placement import Placement


class UnknownTenant(LookupError):
    """The tenant's definition has not arrived here, so nothing can be promised for it."""


def definition_of(tenant: str, directory: Directory) -> Definition:
    """The tenant's newest definition. Raises `UnknownTenant`."""
    definition = directory.newest(tenant)
    if definition is None:
        raise UnknownTenant(tenant)
    return definition


async def carry_out(
    placement: Placement,
    arrived: Arrived,
    definition: Definition,
    admission: Admission,
    submission: Record | None = None,
) -> Arrived:
    """Give a new case its number, publish what the placement says, keep what arrived.

    `submission` is the record that it came by, where it came by one: the case has its id.
    """
    tenant, created = arrived.tenant, placement.created
    if created is not None:
        number = await admission.arrivals.next_number(tenant, admission.now.year)
        reference = definition.reference(admission.now.year, number)
        new = submission.case if submission else None
        case = KnownCase(new or admission.new_id(), reference, created.customer, created.contact)
        await admission.arrivals.keep_case(tenant, case)
        placement = placement.numbered(case.id, reference)
    for draft in placement.drafts:
        admission.publish(draft, submission)
    kept = replace(
        arrived,
        outcome=placement.outcome,
        why=placement.why,
        case=placement.case,
        reference=placement.reference,
    )
    await admission.arrivals.keep(kept)
    return kept
