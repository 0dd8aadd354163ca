"""Refusals, for people who may see internal data."""

from uuid import UUID

from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import UNKNOWN_FILE, UNKNOWN_PLACE, Problem
from case_portal.read_model.view import CaseFile
from case_portal.refusals.ports import RefusalPage, Refusals

REFUSALS_A_PAGE = 20
MAIL = ("message/rfc822", "eml")
UNKNOWN_TYPE = ("application/octet-stream", "bin")


async def refused(refusals: Refusals, principal: Principal, page: int) -> RefusalPage | Problem:
    """The refusals of the principal's tenant, for people who may see internal data."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    return await refusals.refused(scope_of(principal), page, REFUSALS_A_PAGE)


async def refused_message(
    refusals: Refusals, principal: Principal, refusal: UUID
) -> CaseFile | Problem:
    """The raw input that was refused, unchanged."""
    if not principal.sees_internal:
        return UNKNOWN_PLACE
    found = await refusals.refusal(scope_of(principal), refusal)
    if found is None or not found.raw:
        return UNKNOWN_FILE
    media_type, ending = MAIL if found.channel == "mail" else UNKNOWN_TYPE
    return CaseFile(
        sha256=found.raw, name=f"{found.id}.{ending}", size=0, type=media_type, version=0
    )
