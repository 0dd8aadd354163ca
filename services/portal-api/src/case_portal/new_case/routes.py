"""New cases by programs: a pass for intake's own API."""

from typing import Annotated

from fastapi import APIRouter

from case_portal.access.schemas import LoggedIn
from case_portal.core.problem import BRINGS_NOTHING_IN
from case_portal.new_case.ports import Intake
from case_portal.web.dependencies import API, CurrentPrincipal, bearer, port
from case_portal.web.problems import ProblemError, documented

router = APIRouter(prefix=API, responses=documented(400, 422, 503), dependencies=[bearer])

IntakeHere = Annotated[Intake, port("intake")]


@router.post("/session/pass", tags=["session"], status_code=201, responses=documented(401, 403))
async def pass_for_intake(intake: IntakeHere, principal: CurrentPrincipal) -> LoggedIn:
    """A token for intake's API, in your name. With it, a contact creates a case, and an agent
    enters a case that came by telephone or letter."""
    if principal.kind not in ("contact", "agent"):
        raise ProblemError(BRINGS_NOTHING_IN)
    given = intake.pass_for(principal)
    return LoggedIn(token=given.token, expires_at=given.expires_at)
