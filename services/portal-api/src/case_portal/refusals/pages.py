"""The page of what was refused: for agents and auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from case_portal.cases.schemas import RefusalQuery
from case_portal.cases.serializers import name_of
from case_portal.cases.timeline import Teller
from case_portal.core.problem import Problem
from case_portal.read_model.ports import KeptRefusal
from case_portal.read_model.reading import refused, refused_message
from case_portal.read_model.view import Refusal
from case_portal.web.portal import Portal, portal_of
from case_portal.web.problems import Stop
from case_portal.web.rendering import Reader, page, reader_of
from case_portal.web.uploads import download

router = APIRouter(prefix="/refused", include_in_schema=False)

PortalHere = Annotated[Portal, Depends(portal_of)]
ReaderHere = Annotated[Reader, Depends(reader_of)]


@router.get("")
async def refused_page(
    request: Request,
    portal: PortalHere,
    reader: ReaderHere,
    query: Annotated[RefusalQuery, Query()],
) -> Response:
    """What was refused, the last first."""
    found = await refused(portal.refusals, reader.principal, query.page)
    if isinstance(found, Problem):
        raise Stop(found)
    teller = Teller(reader.words, reader.definition, portal.reference)
    return page(
        request,
        "refused.html",
        reader,
        found=found,
        number=query.page,
        who=lambda kept: _who(portal, kept),
        what=lambda kept: _what(reader, kept),
        channel=lambda kept: teller.named("channels", kept.refusal.channel),
    )


@router.get("/{refusal}/raw")
async def message(refusal: UUID, portal: PortalHere, reader: ReaderHere) -> Response:
    """What arrived, to be saved."""
    principal = reader.principal
    file = await refused_message(portal.refusals, principal, refusal)
    answer = (
        file if isinstance(file, Problem) else await download(portal.files, principal.tenant, file)
    )
    if isinstance(answer, Problem):
        raise Stop(answer)
    return answer


def _who(portal: Portal, kept: KeptRefusal) -> str:
    """Whoever is known by name; else whom they say to be."""
    refusal: Refusal = kept.refusal
    said = f"{refusal.author.name} {refusal.author.address}".strip()
    if not refusal.who.is_listed:
        return said or "–"
    return name_of(portal.reference, refusal.tenant, refusal.who)


def _what(reader: Reader, kept: KeptRefusal) -> str:
    """What was asked: `nl.casefold.command.add-comment.v1` is told as `add-comment`."""
    asked = kept.refusal.command.split(".")[-2] if "." in kept.refusal.command else "input"
    key = f"asked.{asked}"
    return reader.words.text(key) if reader.words.has(key) else asked
