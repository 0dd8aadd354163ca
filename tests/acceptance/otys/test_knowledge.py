"""C12: articles are found, and suggested while a case is being typed."""

import pytest

from tests.acceptance.otys.people import DAAN, DENNIS, EMILY, LOTTE
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


def test_articles_are_suggested_while_a_case_is_typed(desk: Desk) -> None:
    """C12, C14: in the language of whoever types, with a mistake and an unfinished word."""
    assert desk.suggests(LOTTE, "bug", "Vakature staat niet op de webs")[0] == (
        "vacancy-not-on-the-site"
    )
    assert desk.suggests(EMILY, "question", "Two candidates must be merged")[0] == (
        "double-candidates"
    )


def test_a_normal_user_finds_out_who_may_create_a_case(desk: Desk) -> None:
    """C12: they are pointed to their super user and the documentation."""
    assert desk.finds(DAAN, "wie kan een melding maken")[0] == "who-creates-cases"


def test_how_the_desk_works_is_for_the_desk_alone(desk: Desk) -> None:
    """C12"""
    assert desk.finds(DENNIS, "melding productteam")[0] == "pass-to-product"
    assert "pass-to-product" not in desk.finds(LOTTE, "melding productteam")
    assert desk.article_for(LOTTE, "pass-to-product") is None
