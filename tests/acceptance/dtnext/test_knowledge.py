"""C12: articles are found, and suggested while a case is being typed."""

import pytest

from tests.acceptance.dtnext.people import ANOUK, GRACE, HENDRIK, SANNE
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


@pytest.mark.main_path
def test_articles_are_suggested_while_a_case_is_typed(desk: Desk) -> None:
    """C12, C14: by what is typed so far, in the language of whoever types it."""
    assert desk.suggests(ANOUK, "incident", "Etiket")[0] == "labels-do-not-print"
    assert desk.suggests(
        ANOUK, "incident", "Scherm blijft hangen", "Sinds gisteren is alles traag bij iederee"
    )[0] == "slow-screens"  # fmt: skip
    assert desk.suggests(GRACE, "incident", "The labels come out empty")[0] == "labels-do-not-print"
    assert desk.suggests(ANOUK, "incident", "qwxzkj") == []
    read = desk.article_for(GRACE, "labels-do-not-print")
    assert read is not None
    assert (read.title, read.topic_name) == (
        "Labels or packing slips are not printed", "Documents and printing"
    )  # fmt: skip


def test_a_mistake_in_typing_does_no_harm(desk: Desk) -> None:
    """C12"""
    assert desk.suggests(ANOUK, "question", "kopeling verstuurd niets")[0] == (
        "integration-sends-nothing"
    )
    assert desk.finds(GRACE, "pasword")[0] == "first-time-log-in"


def test_an_article_for_one_type_is_not_suggested_for_another(desk: Desk) -> None:
    """C12: how to describe an incident says nothing to somebody with a question."""
    title = "Een incident beschrijven"
    assert "describe-an-incident" in desk.suggests(ANOUK, "incident", title)
    assert "describe-an-incident" not in desk.suggests(ANOUK, "question", title)


def test_articles_of_the_desk_alone_never_reach_contacts(desk: Desk) -> None:
    """C12: agents find them, contacts and what is suggested to them do not."""
    words = "printservice spool timeout"
    assert desk.finds(SANNE, words)[0] == "diagnose-the-print-service"
    assert "diagnose-the-print-service" not in desk.finds(ANOUK, words)
    assert "diagnose-the-print-service" not in desk.suggests(ANOUK, "incident", words)
    assert desk.article_for(ANOUK, "diagnose-the-print-service") is None
    assert desk.article_for(HENDRIK, "diagnose-the-print-service") is not None
