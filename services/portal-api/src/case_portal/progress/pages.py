"""The page that a link in a mail opens, on which a contact rates a case without logging in.

The link acts for the contact to whom it was sent, and only to rate that one case. Reading the page
changes nothing, because mail programs open links by themselves.
"""

from typing import Annotated

from case_events.contracts.parts import WrittenContent
from case_events.contracts.ratings import RateCase
from case_events.tokens.rating_link import RatingToken, read_rating_token
from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from case_portal.commands.permissions import may_rate
from case_portal.commands.ports import CommandGateway
from case_portal.commands.serializers import refusal_of
from case_portal.core.principal import Account, Principal
from case_portal.core.problem import UNKNOWN_CASE, Problem
from case_portal.core.zones import zone_of
from case_portal.read_model.reading import OpenCase, open_case
from case_portal.web.dependencies import SiteHere, port
from case_portal.web.forms import plain
from case_portal.web.problems import ProblemError
from case_portal.web.rendering import rendered
from case_portal.web.site import Site
from case_portal.web.wording import Wording

router = APIRouter(prefix="/rate/{token}", include_in_schema=False)


class Guest:
    """The holder of a link: the contact to whom it was sent, and the case to rate."""

    def __init__(
        self, site: Site, gateway: CommandGateway, principal: Principal, case: OpenCase
    ) -> None:
        self.gateway, self.principal, self.case = gateway, principal, case
        self.words = Wording(principal.language, zone_of(case.definition), site.now())

    def page(self, status: int = 200, **shown: object) -> Response:
        """The page, with its form while the case may be rated."""
        terms = self.case.definition.document.ratings
        stars = range(terms.lowest, terms.highest + 1) if terms else range(0)
        rated = self.case.view.rating
        return rendered(
            "rate.html",
            self.words,
            status,
            me=None,
            brand=self.case.definition.document.name,
            view=self.case.view,
            stars=stars,
            given=rated.stars if rated else None,
            may_rate=may_rate(self.principal, self.case.view, self.case.definition),
            **shown,
        )


async def guest_of(
    token: str, site: SiteHere, gateway: Annotated[CommandGateway, port("desk")]
) -> Guest:
    """The holder of the link. Ends the request for an invalid or expired link."""
    read = read_rating_token(site.secret, token, site.now())
    principal = site.principal_of(_account(read)) if read else None
    if read is None or principal is None:
        raise ProblemError(UNKNOWN_CASE)
    case = await open_case(site.cases(principal), site.reference, principal, read.reference)
    if isinstance(case, Problem) or case.case.id != read.case:
        raise ProblemError(UNKNOWN_CASE)
    return Guest(site, gateway, principal, case)


GuestHere = Annotated[Guest, Depends(guest_of)]


@router.get("")
async def read_page(guest: GuestHere) -> Response:
    """The form for rating the case."""
    return guest.page(notice="", problem="", draft="")


@router.post("")
async def rate(
    guest: GuestHere,
    stars: Annotated[int, Form(ge=0, le=100)],
    text: Annotated[str, Form(max_length=100_000)] = "",
) -> Response:
    """Rate the case."""
    command = RateCase(stars=stars, personal=WrittenContent(text=plain(text)))
    asked = await guest.gateway.ask(guest.principal, guest.case.case, command)
    refusal = refusal_of(asked)
    if refusal is not None:
        key = f"rule.{refusal.rule}"
        problem = guest.words.text(key) if guest.words.has(key) else refusal.reason
        return guest.page(409, notice="", problem=problem, draft=text)
    notice = asked.answer.status if asked.answer else "pending"
    return guest.page(notice=notice, problem="", draft="")


def _account(read: RatingToken) -> Account:
    return Account(tenant=read.tenant, kind="contact", person=read.contact, user="")
