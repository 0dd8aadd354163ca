"""The page of the security log, for administrators."""

from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from case_portal.core.principal import PerPrincipal
from case_portal.read_model.view import ActorView
from case_portal.security.ports import (
    EventType,
    Outcome,
    SecurityEvents,
    SecurityView,
)
from case_portal.security.schemas import SecurityQuery
from case_portal.security.service import security_log
from case_portal.web.dependencies import ReaderHere, SiteHere, allowed, port
from case_portal.web.reader import Reader
from case_portal.web.rendering import page
from case_portal.web.serializers import name_of
from case_portal.web.site import Site

router = APIRouter(include_in_schema=False)

EventsHere = Annotated[PerPrincipal[SecurityEvents], port("security")]


class PageQuery(SecurityQuery):
    """The query of the page. An empty value of a form is no filter."""

    def link(self, **changed: Any) -> str:
        """The same list with these changes."""
        asked = self.model_dump(exclude_none=True) | changed
        return f"/security?{urlencode({name: it for name, it in asked.items() if it})}"


@router.get("/security")
async def security_page(
    request: Request,
    site: SiteHere,
    events: EventsHere,
    reader: ReaderHere,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """The security log, latest first."""
    principal = reader.principal
    found = allowed(
        await security_log(events(principal), site.cases(principal), principal, query.listing)
    )
    return page(
        request,
        "security.html",
        reader,
        found=found,
        query=query,
        types=get_args(EventType),
        outcomes=get_args(Outcome),
        who=lambda event: _who(site, reader, event),
        whose=lambda event: _whose(site, event),
        what=lambda event: _what(reader, event),
        why=lambda event: _why(reader, event),
    )


def _who(site: Site, reader: Reader, event: SecurityView) -> str:
    """The name of whoever did it."""
    kind = event.who.kind
    if kind in ("contact", "agent", "auditor"):
        return name_of(site.reference, event.tenant, event.who) or event.who.id
    return reader.words.text(f"security.by_{kind}")


def _whose(site: Site, event: SecurityView) -> str:
    """Whose access it is about, if that is somebody else."""
    if not event.person or (event.person_kind, event.person) == (event.who.kind, event.who.id):
        return ""
    person = ActorView(event.person_kind, event.person)
    return name_of(site.reference, event.tenant, person) or event.person


def _what(reader: Reader, event: SecurityView) -> str:
    """What was done, or what was not allowed."""
    about = event.change or event.type
    return reader.words.text(f"security.{about}_{event.outcome}")


def _why(reader: Reader, event: SecurityView) -> str:
    """Why it was refused."""
    key = f"security_reason.{event.reason}"
    return reader.words.text(key) if reader.words.has(key) else event.reason
