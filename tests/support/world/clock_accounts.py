"""The account of a case in the simulated world, requested as the portal's API does."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import msgspec
from case_definition.lookup.reference import Reference
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.read_model.reading import open_case
from case_portal.work.serializers import WorkAccountSerializer
from case_portal.work.service import account_of

from tests.support.desk.values import AccountResponse
from tests.support.world.portal import SimulatedCases

ReadAccount = Callable[[datetime], Coroutine[Any, Any, AccountResponse | None]]


def account_reader(
    cases: SimulatedCases, reference: Reference, principal: Principal, case_reference: str
) -> ReadAccount:
    """The account at a time, as a principal reads it; None if they see no such case."""

    async def read(at: datetime) -> AccountResponse | None:
        found = await open_case(cases, reference, principal, case_reference)
        if isinstance(found, Problem):
            return None
        entries = await cases.entries(found.case.id, True)
        account = account_of(entries, reference, found, at)
        shown = WorkAccountSerializer(found, account, reference, principal.language).response(at)
        return msgspec.convert(shown.model_dump(mode="json"), AccountResponse)

    return read
