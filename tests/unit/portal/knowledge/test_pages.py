"""C12, C14: articles as pages show them: one to read, and some beside the form that is typed."""

import re

import httpx
import pytest
from case_definition.schema.directory import Article, ArticleWording
from case_portal.knowledge.markdown import as_html
from case_portal.web.rendering import POLICY
from starlette.testclient import TestClient

from tests.unit.portal.knowledge.test_routes import article, desk
from tests.unit.portal.portal_desk import browser, portal_of_desk

STEPS = "Do *this*:\n\n1. Press **Pay**.\n\n## Later\n\n<b>Not</b> [there](https://bank.example)."
SHELF = (
    article("pay", "Pay a bill", "Een rekening betalen", wordings={
        "en": ArticleWording("Pay a <bill>", STEPS),
        "nl": ArticleWording("Een rekening betalen", "Zo."),
    }),
    article("refund", "Refund a bill", "Een rekening terugbetalen", audience="agent"),
    article("theirs", "Their bill", "Hun rekening", tenant="there"),
)  # fmt: skip
FORM = "/cases/new?case_type=incident"


def client(
    who: str, shelf: tuple[Article, ...] = SHELF, suggest_for: tuple[str, ...] = ()
) -> TestClient:
    return browser(who, portal_of_desk(shelf=shelf, reference=desk(suggest_for)))


def typed(who: str, title: str, text: str = "", case_type: str = "incident") -> httpx.Response:
    """What the form shows beside it when so much is typed."""
    opened = client(who)
    token = re.search(r'name="form_token" value="(\w+)"', opened.get(FORM).text)
    assert token is not None
    values = {"form_token": token[1], "case_type": case_type, "title": title, "text": text}
    answer: httpx.Response = opened.post("/cases/new/suggestions", data=values)
    return answer


def test_what_is_typed_is_answered_with_articles_in_the_readers_language() -> None:
    """C12, C14"""
    english, dutch = typed("bob", "pay my bill").text, typed("jan", "rekening betaln").text
    assert 'lang="en"' in english
    assert "<summary>Pay a &lt;bill&gt;</summary>" in english
    assert "1 article may help you." in english
    assert 'lang="nl"' in dutch
    assert "<summary>Een rekening betalen</summary>" in dutch
    assert "1 artikel kan u helpen." in dutch
    for hidden in ("Refund", "Their"):
        assert hidden not in english


def test_a_link_in_a_suggestion_leaves_the_form_where_it_is() -> None:
    """C12: the article's own page, and what its text refers to."""
    links = re.findall(r"<a [^>]*>", typed("bob", "pay my bill").text)
    assert [re.findall('href="([^"]*)"', link) for link in links] == [
        ["https://bank.example"], ["/articles/pay"],
    ]  # fmt: skip
    for link in links:
        assert 'target="_blank"' in link
        assert 'rel="noopener"' in link


def test_nothing_that_fits_is_said_so() -> None:
    """C12"""
    assert "Nothing found so far" in typed("bob", "qwxzkj").text


@pytest.mark.parametrize(
    ("title", "case_type", "status"),
    [("a\0b", "incident", 422), ("x" * 201, "incident", 422), ("pay", "wish", 404)],
)
def test_what_no_form_sends_is_refused(title: str, case_type: str, status: int) -> None:
    """C15"""
    assert typed("bob", title, case_type=case_type).status_code == status


def test_another_site_cannot_ask() -> None:
    values = {"case_type": "incident", "title": "pay"}
    assert client("bob").post("/cases/new/suggestions", data=values).status_code == 403


def test_the_form_has_room_for_suggestions_only_where_there_are_some() -> None:
    """C12: hidden until a script shows it, by the same policy as every page."""
    with_some = client("bob").get(FORM)
    assert re.search(r"<aside [^>]*data-suggestions=[^>]* hidden>", with_some.text)
    assert 'src="/static/suggest.js"' in with_some.text
    assert with_some.headers["content-security-policy"] == POLICY
    assert "'unsafe" not in POLICY
    assert "script-src 'self'" in POLICY
    without = client("bob", suggest_for=("question",)).get(FORM).text
    assert "data-suggestions" not in without
    assert "<script" not in without


def test_an_article_has_a_page_for_those_who_may_read_it() -> None:
    """C12, C14, C16"""
    page = client("bob").get("/articles/pay").text
    assert "<h1>Pay a &lt;bill&gt;</h1>" in page
    assert "<h2>Later</h2>" in page
    assert "Een rekening betalen" in client("jan").get("/articles/pay").text
    assert client("amy").get("/articles/refund").status_code == 200
    for hidden in ("refund", "theirs", "nothing"):
        assert client("bob").get(f"/articles/{hidden}").status_code == 404
    assert client("").get("/articles/pay").headers["location"] == "/login?next=/articles/pay"


def test_an_article_without_the_readers_language_says_which_it_has() -> None:
    """C14"""
    shelf = (article("new", "?", "?", wordings={"en": ArticleWording("New", "So.")}),)
    page = client("jan", shelf).get("/articles/new").text
    assert '<html lang="nl">' in page
    assert '<article class="prose" lang="en">' in page


def test_markdown_is_shown_and_html_is_text() -> None:
    shown = as_html(STEPS, deeper=1)
    for part in ("<em>this</em>", "<strong>Pay</strong>", "<h3>Later</h3>", "&lt;b&gt;Not&lt;"):
        assert part in shown


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert(1))", "<script>alert(1)</script>", "![x](https://e.example/x)"]
)
def test_nothing_in_an_article_runs_or_is_fetched(text: str) -> None:
    shown = as_html(text)
    assert not re.search(r"<script|<img|href=\"javascript", shown)
