"""The dependencies of form handlers on the page of a case, and the way back to the page with the
outcome."""

from collections.abc import Sequence
from typing import Annotated

from case_events.contracts.commands import Command
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from case_portal.commands.ports import CommandGateway
from case_portal.commands.serializers import refusal_of
from case_portal.commands.service import CommandService, Complete, as_asked
from case_portal.core.files import Upload
from case_portal.core.problem import Problem
from case_portal.web.dependencies import OWN_FORM, ReaderHere, SiteHere, port
from case_portal.web.forms import FIELD, joined, plain
from case_portal.web.reader import Reader
from case_portal.web.site import Site


def form_router() -> APIRouter:
    """A router for the forms of the page of a case."""
    return APIRouter(prefix="/cases/{reference}", include_in_schema=False, dependencies=OWN_FORM)


class FormRefused(Exception):
    """The command of a form was refused. The page of the case shows the reason and the draft."""

    def __init__(self, reader: Reader, reference: str, problem: Problem, draft: str) -> None:
        super().__init__(problem.reason)
        self.reader, self.reference = reader, reference
        self.problem, self.draft = problem, draft


class CaseForm:
    """A form that was sent from the page of a case."""

    def __init__(
        self, reference: str, request: Request, site: Site, reader: Reader, gateway: CommandGateway
    ) -> None:
        self.reference, self.request, self.reader = reference, request, reader
        self._service = CommandService(
            site.cases(reader.principal), site.files, site.reference, gateway
        )

    async def ask(
        self,
        command: Command,
        uploads: Sequence[Upload] = (),
        draft: str = "",
        complete: Complete = as_asked,
    ) -> Response:
        """Send the command, and go back to the page. Raises `FormRefused`."""
        asked = await self._service.submit(
            self.reader.principal, self.reference, command, uploads, complete
        )
        problem = asked if isinstance(asked, Problem) else refusal_of(asked)
        if problem is not None or isinstance(asked, Problem):
            assert problem is not None
            raise FormRefused(self.reader, self.reference, problem, draft)
        notice = asked.answer.status if asked.answer else "pending"
        return RedirectResponse(f"/cases/{asked.reference}?notice={notice}#latest", 303)

    async def filled_in(self) -> dict[str, str]:
        """The values of the case's fields in the form."""
        filled: dict[str, list[str]] = {}
        for name, value in (await self.request.form()).multi_items():
            if name.startswith(FIELD) and isinstance(value, str):
                filled.setdefault(name.removeprefix(FIELD), []).append(plain(value))
        return joined(filled)


async def form_of(
    reference: str,
    request: Request,
    site: SiteHere,
    reader: ReaderHere,
    gateway: Annotated[CommandGateway, port("desk")],
) -> CaseForm:
    """The form of this request."""
    return CaseForm(reference, request, site, reader, gateway)


FormHere = Annotated[CaseForm, Depends(form_of)]
