"""C12: articles are found, and suggested while a case is being typed."""

import pytest

from tests.acceptance.jouw_omgeving.people import ALICE, FENNA, TARIK
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


def test_articles_are_suggested_while_a_case_is_typed(desk: Desk) -> None:
    """C12, C14: in the language of whoever types, with a mistake and an unfinished word."""
    assert desk.suggests(FENNA, "incident", "Gebruikers kunnen niet inlog")[0] == (
        "members-cannot-sign-in"
    )
    assert desk.suggests(ALICE, "question", "The intergration key has expired")[0] == (
        "integration-key-expired"
    )


def test_what_impact_and_urgency_mean_is_said_for_an_incident_alone(desk: Desk) -> None:
    """C12"""
    assert desk.suggests(FENNA, "incident", "impact en urgentie")[0] == "impact-and-urgency"
    assert "impact-and-urgency" not in desk.suggests(FENNA, "question", "impact en urgentie")


def test_how_the_desk_works_is_for_the_desk_alone(desk: Desk) -> None:
    """C12"""
    assert desk.finds(TARIK, "grote storing")[0] == "major-outage"
    assert "major-outage" not in desk.finds(FENNA, "grote storing")
    assert desk.article_for(FENNA, "major-outage") is None
