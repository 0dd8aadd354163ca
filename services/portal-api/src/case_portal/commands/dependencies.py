"""The dependencies of routes that send a command to a case."""

from collections.abc import Sequence
from typing import Annotated

from case_events.contracts.commands import Command
from fastapi import APIRouter, Depends, Response

from case_portal.commands.ports import CommandGateway
from case_portal.commands.schemas import CommandState
from case_portal.commands.serializers import command_state, refusal_of
from case_portal.commands.service import CommandService, Complete, as_asked
from case_portal.core.files import Upload
from case_portal.core.principal import Principal
from case_portal.web.dependencies import API, CurrentPrincipal, SiteHere, allowed, bearer, port
from case_portal.web.problems import ProblemError, documented
from case_portal.web.site import Site

ASKED = documented(401, 403, 404, 409, 413) | {
    202: {"model": CommandState, "description": "Taken in; look at `href` for the outcome."}
}
GatewayHere = Annotated[CommandGateway, port("api_desk")]


def command_router(*statuses: int, prefix: str = "", tags: list[str] | None = None) -> APIRouter:
    """A router of the API for commands to cases, with a token. `statuses` are the problems that
    each of its routes may answer."""
    return APIRouter(
        prefix=f"{API}{prefix}",
        tags=list(tags or ()),
        responses=documented(*statuses),
        dependencies=[bearer],
    )


class CommandRequest:
    """One request that sends a command to a case."""

    def __init__(
        self,
        reference: str,
        response: Response,
        site: Site,
        gateway: CommandGateway,
        principal: Principal,
    ) -> None:
        self.reference, self.response, self.principal = reference, response, principal
        self._service = CommandService(site.cases(principal), site.files, site.reference, gateway)

    async def ask(
        self, command: Command, uploads: Sequence[Upload] = (), complete: Complete = as_asked
    ) -> CommandState:
        """Send the command. Returns 202 and a link if the outcome does not come in time."""
        asked = allowed(
            await self._service.submit(self.principal, self.reference, command, uploads, complete)
        )
        refusal = refusal_of(asked)
        if refusal is not None:
            raise ProblemError(refusal)
        state = command_state(asked)
        if state.status == "pending":
            self.response.status_code = 202
            self.response.headers["Location"] = state.href
        return state


async def command_request(
    reference: str,
    response: Response,
    site: SiteHere,
    gateway: GatewayHere,
    principal: CurrentPrincipal,
) -> CommandRequest:
    """The command request of this HTTP request."""
    return CommandRequest(reference, response, site, gateway, principal)


Ask = Annotated[CommandRequest, Depends(command_request)]
