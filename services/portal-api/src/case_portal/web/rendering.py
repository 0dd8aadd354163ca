"""Renders pages: for a reader, in a language, from a template."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from case_events.runtime import Unavailable
from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from case_portal.core.problem import Problem
from case_portal.read_model.view import CaseView
from case_portal.web.dependencies import LoginNeeded, in_browser, reader_of, site_of
from case_portal.web.reader import Reader
from case_portal.web.site import COOKIE, SEED, Site, new_seed
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

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    request: Request, template: str, reader: Reader, status: int = 200, **shown: Any
) -> HTMLResponse:
    """A page for a person who is logged in."""
    site = site_of(request)
    token = site.form_token(request.cookies.get(COOKIE, ""))
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
    request: Request, site: Site, template: str, status: int = 200, **shown: Any
) -> HTMLResponse:
    """A page with a form for a person who is not logged in."""
    seed = request.cookies.get(COOKIE) or request.cookies.get(SEED) or new_seed()
    answer = rendered(
        template,
        words_of(request, site),
        status,
        me=None,
        brand="Casefold",
        form_token=site.form_token(seed),
        **shown,
    )
    set_cookie(answer, site, SEED, seed)
    return answer


def set_cookie(
    answer: Response, site: Site, name: str, value: str, lasts: timedelta | None = None
) -> None:
    """Set a cookie that scripts of the page cannot read. It lasts until the browser ends, or for a
    time."""
    answer.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()) if lasts else None,
        httponly=True,
        samesite="lax",
        secure=site.secure_cookies,
        path="/",
    )


def rendered(template: str, words: Wording, status: int = 200, **shown: Any) -> HTMLResponse:
    """A template with its texts filled in."""
    html = _pages.get_template(template).render(
        t=words.text,
        words=words,
        moment=lambda at: _moment(words, at),
        due=lambda view: _due(words, view),
        **shown,
    )
    return HTMLResponse(html, status, headers=HEADERS)


async def error_page(request: Request, problem: Problem, status: int) -> Response:
    """A page that says what happened, and what to do."""
    site = site_of(request)
    try:
        reader = await reader_of(request, site, await in_browser(request, site))
    except (LoginNeeded, Unavailable):  # the page must not need what the request lacked
        reader = None
    words = reader.words if reader else words_of(request, site)
    kind = problem.kind if words.has(f"error.{problem.kind}") else "unknown"
    shown = {"sentence": words.text(f"error.{kind}")}
    if reader is None:
        return rendered("error.html", words, status, me=None, brand="Casefold", **shown)
    return page(request, "error.html", reader, status, **shown)


def words_of(request: Request, site: Site) -> Wording:
    """The texts for a person who is not logged in, in their browser's language."""
    language = chosen_language(request.headers.get("accept-language", ""))
    return Wording(language, ZoneInfo("UTC"), site.now())


def to_login(request: Request) -> Response:
    """A redirect to the log-in page, and from there back to this page if it was a page to read."""
    back = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/login?next={quote(back)}", 303)


def _moment(words: Wording, at: datetime | None) -> Markup:
    """A time as people say it, with the exact time on hover."""
    if at is None:
        return Markup('<span class="quiet">–</span>')
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), words.exact(at), words.ago(at)
    )


def _due(words: Wording, view: CaseView) -> Markup:
    """The time that a case has left, in words. The class that colours them is the state of the
    clock."""
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
