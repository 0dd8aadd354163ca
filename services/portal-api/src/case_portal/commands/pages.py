"""What people do on the page of a case: each a form, and back to the page with its outcome."""

from collections.abc import Sequence
from typing import Annotated

from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
)
from case_events.contracts.parts import Words
from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from case_portal.cases.case_page import case_page
from case_portal.core.problem import Problem
from case_portal.read_model.ports import Upload
from case_portal.read_model.reading import open_case
from case_portal.web.portal import Portal, portal_of
from case_portal.web.problems import Stop, refusal_of
from case_portal.web.rendering import Reader, own_form, reader_of
from case_portal.web.uploads import received

router = APIRouter(
    prefix="/cases/{reference}", include_in_schema=False, dependencies=[Depends(own_form)]
)

Text = Annotated[str, Form(max_length=100_000)]
Seen = Annotated[int, Form(ge=0, le=2**53)]
FIELD = "field."


class Page:
    """A form that came from the page of a case."""

    def __init__(
        self,
        reference: str,
        request: Request,
        portal: Annotated[Portal, Depends(portal_of)],
        reader: Annotated[Reader, Depends(reader_of)],
    ) -> None:
        self.reference, self.request = reference, request
        self.portal, self.reader = portal, reader

    async def ask(
        self, command: Command, uploads: Sequence[Upload] = (), draft: str = ""
    ) -> Response:
        """Ask, and go back to the page; a refusal shows there, with the draft."""
        counter = self.portal.counter(self.portal.desk)
        asked = await counter.act(self.reader.principal, self.reference, command, uploads)
        problem = asked if isinstance(asked, Problem) else refusal_of(asked)
        if problem is None and not isinstance(asked, Problem):
            said = asked.answer.status if asked.answer else "pending"
            return RedirectResponse(f"/cases/{asked.reference}?said={said}#latest", 303)
        principal = self.reader.principal
        case = await open_case(self.portal.cases, self.portal.reference, principal, self.reference)
        if isinstance(case, Problem):
            raise Stop(case)
        return await case_page(self.request, self.reader, case, problem=problem, draft=draft)

    async def filled_in(self) -> dict[str, str]:
        """The fields of the case that the form fills in."""
        filled: dict[str, list[str]] = {}
        for name, value in (await self.request.form()).multi_items():
            if name.startswith(FIELD) and isinstance(value, str) and value:
                filled.setdefault(name.removeprefix(FIELD), []).append(plain(value))
        return {name: ", ".join(values) for name, values in filled.items()}


Here = Annotated[Page, Depends()]


@router.post("/comment")
async def comment(
    here: Here,
    text: Text = "",
    audience: Annotated[str, Form()] = "public",
    seen: Seen = 0,
    files: Annotated[Sequence[UploadFile], File()] = (),
) -> Response:
    """Write on the case."""
    command = AddComment(public=audience != "internal", seen=seen, personal=Words(text=plain(text)))
    return await here.ask(command, await received(files), draft=text)


@router.post("/step/{name}")
async def step(
    here: Here,
    name: str,
    text: Text = "",
    seen: Seen = 0,
    files: Annotated[Sequence[UploadFile], File()] = (),
) -> Response:
    """Take a step of the definition."""
    command = ChangeStatus(
        transition=name,
        fields=await here.filled_in(),
        seen=seen,
        personal=Words(text=plain(text)),
    )
    return await here.ask(command, await received(files), draft=text)


@router.post("/assignment")
async def assignment(
    here: Here, team: Annotated[str, Form()], agent: Annotated[str, Form()] = "", seen: Seen = 0
) -> Response:
    """Hand the case to a team or agent."""
    return await here.ask(AssignCase(team=plain(team), agent=plain(agent), seen=seen))


@router.post("/priority")
async def priority(here: Here, priority: Annotated[str, Form()], seen: Seen = 0) -> Response:
    """Set the priority."""
    return await here.ask(AssessPriority(priority=plain(priority), seen=seen))


@router.post("/type")
async def case_type(here: Here, case_type: Annotated[str, Form()], seen: Seen = 0) -> Response:
    """Give the case another type."""
    return await here.ask(ClassifyCase(case_type=plain(case_type), seen=seen))


def plain(text: str) -> str:
    """What somebody typed, as it is kept: one kind of line end, nothing that no store takes."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
