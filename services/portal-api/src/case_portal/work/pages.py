"""The commands about approvals and work on the page of a case."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from case_events.contracts.approvals import DeclineApproval, GrantApproval
from case_events.contracts.parts import WrittenContent
from case_events.contracts.work import CorrectWork, LogWork
from fastapi import File, Form, UploadFile
from starlette.responses import Response

from case_portal.commands.forms import CaseForm, FormHere, form_router
from case_portal.core.zones import zone_of
from case_portal.web.forms import Seen, Text, plain
from case_portal.web.uploads import received
from case_portal.work.routes import Number, Wanted

router = form_router()

Name = Annotated[str, Form(max_length=63)]
Minutes = Annotated[int, Form(ge=0, le=100_000)]
Began = Annotated[datetime | None, Form()]


@router.post("/approvals")
async def request_approval(
    form: FormHere,
    wanted: Wanted,
    files: Annotated[Sequence[UploadFile], File()] = (),
) -> Response:
    """Ask the contact to approve work."""
    return await form.ask(wanted, await received(files), draft=wanted.personal.text)


@router.post("/approvals/{request}/grant")
async def grant(form: FormHere, request: Number, text: Text = "", seen: Seen = 0) -> Response:
    """Grant the request."""
    words = WrittenContent(text=plain(text))
    return await form.ask(GrantApproval(request=request, seen=seen, personal=words), draft=text)


@router.post("/approvals/{request}/decline")
async def decline(form: FormHere, request: Number, text: Text = "", seen: Seen = 0) -> Response:
    """Decline the request."""
    words = WrittenContent(text=plain(text))
    return await form.ask(DeclineApproval(request=request, seen=seen, personal=words), draft=text)


@router.post("/work")
async def log_work(
    form: FormHere, minutes: Minutes, kind: Name, text: Text, began: Began = None, seen: Seen = 0
) -> Response:
    """Book work. The form has the time of the desk's clock."""
    command = LogWork(
        minutes=minutes,
        kind=kind,
        began=_local(form, began),
        seen=seen,
        personal=WrittenContent(text=plain(text)),
    )
    return await form.ask(command, draft=text)


@router.post("/work/{entry}/correction")
async def correct_work(
    form: FormHere, entry: Number, minutes: Minutes, text: Text, seen: Seen = 0
) -> Response:
    """Correct an entry of work."""
    words = WrittenContent(text=plain(text))
    return await form.ask(
        CorrectWork(entry=entry, minutes=minutes, seen=seen, personal=words), draft=text
    )


def _local(form: CaseForm, began: datetime | None) -> datetime | None:
    if began is None:
        return None
    local = began if began.tzinfo else began.replace(tzinfo=zone_of(form.reader.definition))
    return local.astimezone(UTC)
