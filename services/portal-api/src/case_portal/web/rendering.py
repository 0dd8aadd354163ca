"""How a page is made: whose it is, in which language, from which template."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from case_definition.lookup import Definition
from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.core.zones import zone_of
from case_portal.read_model.view import CaseView
from case_portal.web.portal import COOKIE, SEED, Portal, new_seed, portal_of
from case_portal.web.problems import Stop
from case_portal.web.wording import Wording, chosen_language

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
WRONG_FORM = Problem(
    kind="invalid", code="wrong_form", field="form_token", rule="form", reason="Reload the page."
)

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class LoginNeeded(Exception):
    """Nobody is logged in: they log in first, and come back."""


class Reader:
    """Whoever opens a page: who they are, their tenant's newest definition, their words."""

    def __init__(self, principal: Principal, definition: Definition, now: datetime) -> None:
        self.principal, self.definition = principal, definition
        self.words = Wording(principal.language, zone_of(definition), now)


async def reader_of(request: Request, portal: Annotated[Portal, Depends(portal_of)]) -> Reader:
    """Whoever holds the session of this browser. Raises `LoginNeeded`."""
    principal = await portal.principal(request.cookies.get(COOKIE, ""))
    definition = portal.reference.newest(principal.tenant) if principal else None
    if principal is None or definition is None:
        raise LoginNeeded
    return Reader(principal, definition, portal.now())


async def own_form(request: Request, portal: Annotated[Portal, Depends(portal_of)]) -> None:
    """The form that is sent was given to this browser by us. Raises `Stop` where it was not."""
    form = await request.form()
    token = form.get("form_token")
    seed = request.cookies.get(COOKIE) or request.cookies.get(SEED, "")
    if not isinstance(token, str) or not portal.is_form_token(seed, token):
        raise Stop(WRONG_FORM, 403)


def page(
    request: Request, template: str, reader: Reader, status: int = 200, **shown: Any
) -> HTMLResponse:
    """A page for somebody who is logged in."""
    portal = portal_of(request)
    token = portal.form_token(request.cookies.get(COOKIE, ""))
    return rendered(
        template,
        reader.words,
        status,
        me=reader.principal,
        definition=reader.definition,
        brand=reader.definition.document.name,
        form_token=token,
        path=request.url.path,
        **shown,
    )


def public_page(
    request: Request, portal: Portal, template: str, status: int = 200, **shown: Any
) -> HTMLResponse:
    """A page with a form for somebody who is not logged in."""
    seed = request.cookies.get(COOKIE) or request.cookies.get(SEED) or new_seed()
    answer = rendered(
        template,
        words_of(request, portal),
        status,
        me=None,
        brand="Casefold",
        form_token=portal.form_token(seed),
        **shown,
    )
    set_cookie(answer, portal, SEED, seed)
    return answer


def set_cookie(answer: Response, portal: Portal, name: str, value: str) -> None:
    """A cookie for the pages alone."""
    answer.set_cookie(
        name, value, httponly=True, samesite="lax", secure=portal.secure_cookies, path="/"
    )


def rendered(template: str, words: Wording, status: int = 200, **shown: Any) -> HTMLResponse:
    """A template with its words filled in."""
    html = _pages.get_template(template).render(
        t=words.text,
        words=words,
        moment=lambda at: _moment(words, at),
        due=lambda view: _due(words, view),
        **shown,
    )
    return HTMLResponse(html, status, headers=HEADERS)


async def error_page(request: Request, problem: Problem, status: int) -> Response:
    """What happened, and what to do."""
    portal = portal_of(request)
    try:
        reader = await reader_of(request, portal)
    except LoginNeeded:
        reader = None
    words = reader.words if reader else words_of(request, portal)
    kind = problem.kind if words.has(f"error.{problem.kind}") else "unknown"
    shown = {"sentence": words.text(f"error.{kind}")}
    if reader is None:
        return rendered("error.html", words, status, me=None, brand="Casefold", **shown)
    return page(request, "error.html", reader, status, **shown)


def words_of(request: Request, portal: Portal) -> Wording:
    """The words for somebody who is not logged in: by their browser's language."""
    language = chosen_language(request.headers.get("accept-language", ""))
    return Wording(language, ZoneInfo("UTC"), portal.now())


def to_login(request: Request) -> Response:
    """To the log-in page, and back after it where this was a page to read."""
    back = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/login?next={quote(back)}", 303)


def _moment(words: Wording, at: datetime | None) -> Markup:
    """A time as people say it, with the exact one on hover."""
    if at is None:
        return Markup('<span class="quiet">–</span>')
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), words.exact(at), words.ago(at)
    )


def _due(words: Wording, view: CaseView) -> Markup:
    """How long a case has got, in words; its state is the class that colours them."""
    clock = view.pressing
    if clock is None or clock.due is None:
        paused = any(clock.state == "paused" for clock in view.clocks.values())
        sentence = words.text("due.paused" if paused else "due.none")
        return Markup('<span class="quiet">{}</span>').format(sentence)
    sentence = words.text(
        f"due.{clock.state}", left=words.left(clock.due), ago=words.ago(clock.due)
    )
    return Markup('<time class="due {}" datetime="{}" title="{}">{}</time>').format(
        clock.state, clock.due.isoformat(), words.exact(clock.due), sentence
    )
