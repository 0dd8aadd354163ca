"""The page of refusals, for agents and auditors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.read_model.view import RefusalView
from case_portal.refusals.ports import KeptRefusal, Refusals
from case_portal.refusals.schemas import RefusalQuery
from case_portal.refusals.service import refused, refused_message
from case_portal.web.dependencies import ReaderHere, SiteHere, allowed, port
from case_portal.web.reader import Reader
from case_portal.web.rendering import page
from case_portal.web.serializers import name_of
from case_portal.web.site import Site
from case_portal.web.uploads import download

router = APIRouter(prefix="/refused", include_in_schema=False)

RefusalsHere = Annotated[PerPrincipal[Refusals], port("refusals")]


@router.get("")
async def refused_page(
    request: Request,
    site: SiteHere,
    refusals: RefusalsHere,
    reader: ReaderHere,
    query: Annotated[RefusalQuery, Query()],
) -> Response:
    """The refusals, latest first."""
    found = allowed(await refused(refusals(reader.principal), reader.principal, query.page))
    return page(
        request,
        "refused.html",
        reader,
        found=found,
        number=query.page,
        who=lambda kept: _who(site, kept),
        what=lambda kept: _what(reader, kept),
        channel=lambda kept: reader.named("channels", kept.refusal.channel),
    )


@router.get("/{refusal}/raw")
async def message(
    refusal: UUID, site: SiteHere, refusals: RefusalsHere, reader: ReaderHere
) -> Response:
    """The raw input, to be saved."""
    principal = reader.principal
    file = allowed(await refused_message(refusals(principal), principal, refusal))
    return allowed(await download(site.files, principal.tenant, file))


def _who(site: Site, kept: KeptRefusal) -> str:
    """The author's name, if the directory has them; otherwise the claimed name."""
    refusal: RefusalView = kept.refusal
    author = f"{refusal.author.name} {refusal.author.address}".strip()
    if not refusal.who.is_listed:
        return author or "–"
    return name_of(site.reference, refusal.tenant, refusal.who)


def _what(reader: Reader, kept: KeptRefusal) -> str:
    """The refused command: `nl.casefold.command.add-comment.v1` is shown as `add-comment`."""
    asked = kept.refusal.command.split(".")[-2] if "." in kept.refusal.command else "input"
    key = f"asked.{asked}"
    return reader.words.text(key) if reader.words.has(key) else asked
