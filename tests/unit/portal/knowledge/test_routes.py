"""The knowledge base and the topics over the API and the command line (C12, H5)."""

from typing import Any

import httpx
import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.lookup.reference import Reference
from case_definition.schema.directory import Article, ArticleWording
from case_portal import cli as report_cli
from case_portal.read_model.view import CaseView
from click.testing import CliRunner
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import NOW, definition_document, reference_data


def article(key: str, english: str, dutch: str, **other: Any) -> Article:
    wordings = {
        "en": ArticleWording(english, "First\nparagraph.\n\nSecond."),
        "nl": ArticleWording(dutch, "Alinea."),
    }  # fmt: skip
    known: dict[str, Any] = {"tenant": "here", "topic": "high", "wordings": wordings}
    return Article(id=key, name=english, **(known | other))


SHELF = (
    article("pay", "Pay a bill by bank", "Een rekening betalen"),
    article("refund", "Refund a bill", "Een rekening terugbetalen", audience="agent"),
    article("old", "Bill of old", "Oude rekening", topic="gone"),
    article("theirs", "Their bill", "Hun rekening", tenant="there"),
)
VIEWS = tuple(
    CaseView(tenant="here", customer=customer, contact=contact, case_type="incident",
             created_at=NOW, fields={"urgency": topic} if topic else {})
    for customer, contact, topic in (
        ("acme", "bob", "high"), ("acme", "bob", "high"),
        ("=1+1", "eve", "low"), ("acme", "bob", ""),
    )
)  # fmt: skip


def desk(suggest_for: tuple[str, ...] = (), topic_field: str | None = "urgency") -> Reference:
    """Reference data of a desk with a knowledge base."""
    reference, document = reference_data(), definition_document("here")
    document["version"] = 2
    document["knowledge"] = {
        "topics": ["high", "low"], "topic_field": topic_field, "suggest_for": suggest_for,
    }  # fmt: skip
    for texts in document["texts"].values():
        texts |= {"topics.high.name": "Haste", "topics.low.name": "Ease"}
    reference.add_definition(compile_definition(document))
    return reference


def client(who: str, **known: Any) -> TestClient:
    return browser(who, portal_of_desk(shelf=SHELF, views=VIEWS, reference=desk(**known)))


def asked(path: str, who: str = "bob", **known: Any) -> Any:
    return client(who, **known).get(f"/api/v1{path}")


def ids(answer: Any) -> list[str]:
    return [one["id"] for one in answer.json()["articles"]]


def test_articles_are_searched_in_the_readers_language_and_audience() -> None:
    """C12, C5, C16"""
    assert ids(asked("/articles?search=pay+bill")) == ["pay", "old"]
    assert set(ids(asked("/articles?search=bill", "amy"))) == {"pay", "refund", "old"}
    assert ids(asked("/articles")) == ["old", "pay"]
    assert ids(asked("/articles?topic=high")) == ["pay"]
    (answer,) = asked("/articles?search=terugbetalen", "dirk").json()["articles"]
    assert (answer["title"], answer["topic_name"]) == ("Een rekening terugbetalen", "Haste")


def test_an_article_is_read_whole() -> None:
    """C12"""
    answer = asked("/articles/pay").json()
    assert (answer["title"], answer["summary"]) == ("Pay a bill by bank", "First paragraph.")
    assert answer["text"].endswith("Second.")
    assert asked("/articles/old").json()["topic_name"] == "gone"
    for hidden in ("refund", "theirs", "nothing"):
        assert asked(f"/articles/{hidden}").status_code == 404
    assert asked("/articles/refund", "amy").json()["audience"] == "agent"


def test_suggestions_follow_what_is_typed() -> None:
    """C12"""
    assert ids(asked("/suggestions?case_type=incident&title=pay&text=my+bi"))[0] == "pay"
    assert ids(asked("/suggestions?case_type=incident")) == []
    assert ids(asked("/suggestions?title=pa")) == ["pay"]
    unknown = asked("/suggestions?case_type=wish&title=pay")
    assert (unknown.status_code, unknown.json()["field"]) == (404, "case_type")
    assert asked("/suggestions?title=pay", "").status_code == 401


def test_what_hardly_fits_is_not_suggested() -> None:
    """C12: one shared word of many is no answer; a search still finds it."""
    path = "?{}=pay+a+bill+by+bank"
    assert ids(asked("/suggestions" + path.format("title"))) == ["pay"]
    assert ids(asked("/articles" + path.format("search"))) == ["pay", "old"]


def test_suggestions_are_for_the_types_that_the_definition_names() -> None:
    """C12"""
    assert ids(asked("/suggestions?title=pay", suggest_for=("incident",))) == []
    assert ids(asked("/suggestions?title=pay&case_type=incident", suggest_for=("incident",)))


def test_topics_are_counted_with_their_articles() -> None:
    """H5, C13"""
    lines = asked("/reports/topics?by=customer", "amy").json()["lines"]
    assert [(x["name"], x["group"]["customer"], x["cases"], x["articles"]) for x in lines] == [
        ("Haste", "acme", 2, 2), ("", "acme", 1, 0), ("Ease", "=1+1", 1, 0),
    ]  # fmt: skip
    assert asked("/reports/topics?customer=none", "amy").json()["lines"] == []
    csv = asked("/reports/topics?by=customer&format=csv", "amy").text.splitlines()
    assert csv[0] == "topic,name,customer,cases,contacts,articles"
    assert csv[3] == "low,Ease,'=1+1,1,1,0"


def test_topics_are_for_the_desk_and_need_a_field() -> None:
    """H5, C5"""
    assert asked("/reports/topics", "bob").json()["code"] == "unknown_place"
    shown = asked("/reports/topics", "amy", topic_field=None)
    assert (shown.status_code, shown.json()["field"]) == (404, "knowledge.topic_field")
    assert asked("/reports/topics?by=colour", "amy").status_code == 422


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "Haste        2 cases   1 contact   2 articles"),
        (["--by", "customer"], "acme   Haste        2 cases   1 contact   2 articles"),
        (["--csv"], "high,Haste,2,1,2"),
        (["--customer", "none"], "No case came in during this period."),
    ],
)
def test_the_command_line_tells_the_same(
    monkeypatch: pytest.MonkeyPatch, options: list[str], says: str
) -> None:
    """H5"""
    portal = client("")
    portal.headers["authorization"] = "Bearer amy"

    def reach(base_url: str, timeout: float) -> httpx.Client:
        portal.base_url = httpx.URL("http://testserver/api/v1/")
        return portal

    monkeypatch.setenv("CASEFOLD_TOKEN", "amy")
    monkeypatch.setattr("case_portal.web.report_client.httpx.Client", reach)
    result = CliRunner().invoke(report_cli.report, ["topics", *options])
    assert says in result.output, result.output
