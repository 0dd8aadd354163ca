"""The API for the people of a case: watchers, and colleagues who are consulted."""

from collections.abc import Sequence
from typing import Annotated

from case_events.contracts.parts import Person, WrittenContent
from case_events.contracts.people import (
    AddWatcher,
    AnswerConsultation,
    ConsultTeam,
    RemoveWatcher,
    WithdrawConsultation,
)
from fastapi import File, Form, UploadFile

from case_portal.commands.dependencies import ASKED, Ask, command_router
from case_portal.commands.schemas import CommandState
from case_portal.web.schemas import Long, RequestModel, Short
from case_portal.web.uploads import received

router = command_router(400, 422, 503)


class WatcherRequest(RequestModel):
    """A person who is to follow the case: a contact or an agent of the directory, or a mail
    address."""

    contact: Short = ""
    agent: Short = ""
    address: Short = ""
    name: Short = ""


@router.post("/cases/{reference}/watchers", tags=["people"], responses=ASKED)
async def add_watcher(ask: Ask, form: WatcherRequest) -> CommandState:
    """Add a watcher. A watcher gets every message about the case."""
    watcher = ""
    if form.contact or form.agent:
        watcher = f"contact/{form.contact}" if form.contact else f"agent/{form.agent}"
    person = Person() if watcher else Person(form.address, form.name)
    return await ask.ask(AddWatcher(watcher=watcher, personal=person))


@router.delete("/cases/{reference}/watchers/{kind}/{name}", tags=["people"], responses=ASKED)
async def remove_watcher(ask: Ask, kind: str, name: str) -> CommandState:
    """Remove a watcher."""
    return await ask.ask(RemoveWatcher(watcher=f"{kind}/{name}"))


@router.post("/cases/{reference}/consultations", tags=["people"], responses=ASKED)
async def consult(
    ask: Ask,
    team: Annotated[Short, Form()] = "",
    text: Annotated[Long, Form()] = "",
    files: Annotated[Sequence[UploadFile], File(max_length=50)] = (),
) -> CommandState:
    """Consult another team. No contact sees the question."""
    command = ConsultTeam(team=team, personal=WrittenContent(text=text))
    return await ask.ask(command, await received(files))


@router.post(
    "/cases/{reference}/consultations/{consultation}/answer", tags=["people"], responses=ASKED
)
async def answer(
    ask: Ask,
    consultation: str,
    text: Annotated[Long, Form()] = "",
    files: Annotated[Sequence[UploadFile], File(max_length=50)] = (),
) -> CommandState:
    """Answer the question to a team."""
    command = AnswerConsultation(consultation=consultation, personal=WrittenContent(text=text))
    return await ask.ask(command, await received(files))


@router.delete("/cases/{reference}/consultations/{consultation}", tags=["people"], responses=ASKED)
async def withdraw(ask: Ask, consultation: str) -> CommandState:
    """Withdraw the question to a team."""
    return await ask.ask(WithdrawConsultation(consultation=consultation))
